"""A film on a real socket, for the tests of how films leave."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import FileRange, Router, granted, serve
from tests.kernel.http.small_house import house

CONTENT = os.urandom(6 * 1024 * 1024 + 7)
MIDDLE = CONTENT[1000:301_000]
open_to_tests = granted("anyone", "a test")
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cinema:
    """One film; `asked` is how often its handler was."""

    def __init__(self, folder: Path) -> None:
        self.film = folder / "film.mp4"
        self.film.write_bytes(CONTENT)
        self.asked = 0
        self.same_for = 60.0
        self.router = Router("/t", product="test")

        @self.router.get("/film", access=open_to_tests, shared_with=lambda ctx, origin: {"X-For": origin or "all"})
        async def film(ctx: Context) -> FileRange:
            self.asked += 1
            return FileRange(self.film, content_type="video/mp4", etag="one", same_for=self.same_for)

    def replace(self, content: bytes) -> None:
        """As a store does: whoever has the old film open keeps it."""
        new = self.film.with_suffix(".new")
        new.write_bytes(content)
        new.replace(self.film)


@asynccontextmanager
async def opened(engines: Engines, cinema: Cinema) -> AsyncIterator[int]:
    """The port where the film is shown."""
    listening = socket.create_server(("127.0.0.1", 0))
    ready, stopping = asyncio.Event(), asyncio.Event()
    app = house(engines, cinema.router.routes)
    serving = asyncio.create_task(serve(app, [listening], engines, on_ready=ready.set, stopping=stopping))
    await ready.wait()
    yield listening.getsockname()[1]
    stopping.set()
    await serving


def request(connection: Connection, **headers: str) -> None:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    connection[1].write("\r\n".join(["GET /t/film HTTP/1.1", "Host: o", *lines, "", ""]).encode())


async def viewer(port: int) -> Connection:
    """Who has seen the beginning already: the film is known from then on."""
    connection = await asyncio.open_connection("127.0.0.1", port)
    request(connection, Range="bytes=0-99999")
    assert (await answer(connection))[1] == CONTENT[:100_000]
    return connection


async def answer(connection: Connection) -> tuple[str, bytes]:
    """The head in lower case, and the body."""
    head = (await connection[0].readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    return head, await connection[0].readexactly(length)


def open_films(cinema: Cinema) -> int:
    """How often this process has the film open."""
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            count += descriptor.readlink() == cinema.film
    return count
