"""The server: uvicorn on sockets that are bound already, ending within three seconds whatever is still open."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from octavo.kernel.http._application import Application
from octavo.kernel.http._protocol import Connection

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

GRACE_SECONDS = 2
LARGEST_SOCKET_MESSAGE = 1024 * 1024
BACKLOG = 2048


async def serve(
    app: Application,
    sockets: Sequence[socket.socket] | Mapping[str, socket.socket],
    engines: "Engines",
    *,
    on_ready: Callable[[], None] | None = None,
    stopping: asyncio.Event | None = None,
) -> None:
    """Answers until SIGTERM, SIGINT or `stopping`. Sockets by name give each dialect the port of its name."""
    if isinstance(sockets, Mapping):
        app.mount_ports({name: bound.getsockname()[1] for name, bound in sockets.items()})
        sockets = list(sockets.values())
    config = uvicorn.Config(
        app,
        loop="none",  # the caller's loop runs already
        http=Connection,
        ws="websockets-sansio",
        ws_max_size=LARGEST_SOCKET_MESSAGE,
        ws_per_message_deflate=False,  # its window costs more memory per socket than all the rest
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=engines.settings.http.keep_alive,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, app, on_ready or (lambda: None))
    watching = asyncio.create_task(server.stop_when(stopping)) if stopping is not None else None
    try:
        await server.serve(sockets=list(sockets))
    finally:
        if watching is not None:
            watching.cancel()
        app.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: Application, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Event streams and sockets end first: uvicorn alone would wait for them until its patience ends."""
        self._app.stop()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """uvicorn raises the signal again after a clean end, which would turn success into exit code 143."""
        self.should_exit = True

    async def stop_when(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self.should_exit = True
