"""Connections that become WebSockets: uvicorn's protocol for them takes over."""

import asyncio
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from octavo.kernel.http._scope import Headers


def asks_for_socket(headers: Headers) -> bool:
    """RFC 6455 section 4.1."""
    named = dict(headers)
    tokens = [token.strip() for token in named.get(b"connection", b"").lower().split(b",")]
    return b"upgrade" in tokens and named.get(b"upgrade", b"").lower() == b"websocket"


def hand_over(
    config: Config,
    server: ServerState,
    transport: asyncio.Transport,
    opening: tuple[bytes, bytes, Headers],
    rest: bytes,
) -> None:
    """The opening request (method, target, headers) once more, and what came with it."""
    method, target, headers = opening
    lines = [b"%b %b HTTP/1.1" % (method, target), *[b"%b: %b" % header for header in headers], b"", rest]
    sockets: Any = config.ws_protocol_class
    protocol = sockets(config=config, server_state=server, app_state={})
    protocol.connection_made(transport)
    protocol.data_received(b"\r\n".join(lines))
    transport.set_protocol(protocol)
