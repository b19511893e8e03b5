"""The sockets of the web processes: bound before they start, so that the ports are known and outlive restarts."""

import os
import socket
from collections.abc import Iterable, Mapping

from octavo.settings import Settings

Sockets = Mapping[str, socket.socket]


class PortTaken(Exception):
    """Another program listens there already."""


def bind(settings: Settings, dialects: Iterable[str]) -> list[Sockets]:
    """For each web process a listening socket for `web` and for each dialect, by name. A port of 0 takes a free one.

    A dialect's port is `OCTAVO_<DIALECT>_PORT`, and a free one where that is not set. Several processes have sockets
    of their own on the same ports, among which the kernel spreads connections evenly (SO_REUSEPORT, socket(7)).
    Raises PortTaken with what to do about it.
    """
    wanted = {"web": settings.http.port} | {name: _port_of(name) for name in dialects}
    alone = {name: _listen(name, settings.http.host, port) for name, port in wanted.items()}
    if settings.http.processes == 1:
        return [alone]
    taken = ports(alone)
    for listening in alone.values():  # it has shown that nobody else listens there, which sharing would hide
        listening.close()
    return [
        {name: _listen(name, settings.http.host, port, shared=True) for name, port in taken.items()}
        for _ in range(settings.http.processes)
    ]


def bind_proxy(settings: Settings) -> dict[str, socket.socket]:
    """A listening socket for `proxy` where the settings have one. Raises PortTaken."""
    port = settings.comms.proxy_port
    return {} if port is None else {"proxy": _listen("proxy", settings.http.host, port)}


def ports(sockets: Sockets) -> dict[str, int]:
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


def _listen(name: str, host: str, port: int, *, shared: bool = False) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
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
