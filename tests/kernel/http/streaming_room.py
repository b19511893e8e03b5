"""A room whose handlers stream, on a real socket: what tests of the server ask."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import (
    EventStream,
    FileRange,
    Route,
    Router,
    ServerEvent,
    Socket,
    decode_message,
    granted,
    public,
    serve,
    signed_in,
)
from octavo.kernel.refusals import Forbidden
from tests.kernel.http.small_house import house

open_to_tests = granted("anyone", "a test")


class Said(msgspec.Struct):
    text: str


class Room:
    """What the handlers saw, for the tests to wait on."""

    def __init__(self, folder: Path) -> None:
        self.left = asyncio.Event()
        self.go_on = asyncio.Event()
        self.folder = folder

    async def ticks(self) -> AsyncIterator[ServerEvent]:
        try:
            yield ServerEvent({"n": 1}, event="tick", id="1")
            yield ServerEvent("two\nlines", event="tick", id="2")
            await self.go_on.wait()
            yield ServerEvent({"n": 3, "text": "one\u2028line"})
        finally:
            self.left.set()

    def routes(self) -> list[Route]:
        router = Router("/t", product="test")

        @router.get("/ticks", access=open_to_tests)
        async def ticks(ctx: Context) -> EventStream:
            return EventStream(self.ticks())

        @router.get("/film", access=open_to_tests)
        async def film(ctx: Context) -> FileRange:
            return FileRange(self.folder / "film.mp4")

        @router.websocket("/echo/{room}", access=public)
        async def echo(ctx: Context, room: str, socket: Socket) -> None:
            await socket.accept()
            async for message in socket:
                if message == "flood":
                    for _ in range(1000):
                        socket.send("x" * 1000)
                elif message == "refuse":
                    raise Forbidden
                else:
                    socket.send({"room": room, "text": decode_message(message, Said).text})

        @router.websocket("/members", access=signed_in)
        async def members(ctx: Context, socket: Socket) -> None:
            await socket.accept()

        return router.routes


@asynccontextmanager
async def serving(engines: Engines, routes: Sequence[Route], **options: object) -> AsyncIterator[str]:
    app = house(engines, routes, **options)
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    ready, stopping = asyncio.Event(), asyncio.Event()
    server = asyncio.create_task(serve(app, [listening], engines, on_ready=ready.set, stopping=stopping))
    await ready.wait()
    try:
        yield url
    finally:
        stopping.set()
        async with asyncio.timeout(60):
            await server


@pytest.fixture
async def room(tmp_path: Path) -> Room:
    (tmp_path / "film.mp4").write_bytes(b"film" * 1_000_000)
    return Room(tmp_path)
