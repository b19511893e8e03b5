"""The sockets of the web process: bound before it starts, so that the ports are known and outlive its restarts."""

import os
import socket
from collections.abc import Iterable, Mapping

from octavo.settings import Settings


class PortTaken(Exception):
    """Another program listens there already."""


def bind(settings: Settings, dialects: Iterable[str]) -> dict[str, socket.socket]:
    """A listening socket for `web` and for each dialect, by name. A port of 0 takes a free one.

    A dialect's port is `OCTAVO_<DIALECT>_PORT`, and a free one where that is not set. Raises PortTaken with what to
    do about it.
    """
    ports = {"web": settings.http.port} | {name: _port_of(name) for name in dialects}
    return {name: _listen(name, settings.http.host, port) for name, port in ports.items()}


def bind_proxy(settings: Settings) -> dict[str, socket.socket]:
    """A listening socket for `proxy` where the settings have one. Raises PortTaken."""
    port = settings.comms.proxy_port
    return {} if port is None else {"proxy": _listen("proxy", settings.http.host, port)}


def ports(sockets: Mapping[str, socket.socket]) -> dict[str, int]:
    return {name: listening.getsockname()[1] for name, listening in sockets.items()}


def address(settings: Settings, web: socket.socket) -> str:
    """The address a person on this machine opens, or the public one where it is set."""
    if settings.http.public_url:
        return settings.http.public_url
    host = "127.0.0.1" if settings.http.host in {"0.0.0.0", "::", ""} else settings.http.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{web.getsockname()[1]}"


def _port_of(dialect: str) -> int:
    variable = f"OCTAVO_{dialect.upper()}_PORT"
    port = os.environ.get(variable) or "0"
    if not port.isdecimal() or int(port) > 65535:
        raise PortTaken(f"{variable} is {port!r}; it must be a number from 0 to 65535.")
    return int(port)


def _listen(name: str, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"Cannot listen on {host}:{port} for {name} ({error.strerror}). "
            "Choose another port with --port, or 0 for a free one."
        ) from None
    listening.listen(1024)
    return listening
