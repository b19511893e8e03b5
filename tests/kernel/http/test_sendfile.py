"""Large files over a real socket: whole and in order, however slowly they are taken, and for those who leave."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import FileRange, Router, granted, serve
from octavo.kernel.http import _sendfile as sendfile
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
        self.router = Router("/t", product="test")

        @self.router.get("/film", access=open_to_tests, shared_with=lambda ctx, origin: {"X-For": origin or "all"})
        async def film(ctx: Context) -> FileRange:
            self.asked += 1
            return FileRange(self.film, content_type="video/mp4", etag="one", same_for=60)


@pytest.fixture
def cinema(tmp_path: Path) -> Cinema:
    return Cinema(tmp_path)


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


async def answer(connection: Connection) -> tuple[str, bytes]:
    """The head in lower case, and the body."""
    head = (await connection[0].readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    return head, await connection[0].readexactly(length)


async def test_a_film_arrives_whole_however_slowly_it_is_taken(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        request(connection)
        await asyncio.sleep(0.1)  # the kernel's buffers are full, and the rest waits
        head, body = await answer(connection)
        assert head.startswith("http/1.1 200")
        assert body == CONTENT
        connection[1].close()


async def test_answers_keep_the_order_of_their_requests(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        request(connection, Range="bytes=1000-300999")
        request(connection, If_None_Match='"one"', Range="bytes=0-9")
        request(connection)
        request(connection, Range="bytes=0-9")
        head, body = await answer(connection)
        assert ("206" in head, body) == (True, MIDDLE)
        assert b"304" in await connection[0].readuntil(b"\r\n\r\n")
        assert (await answer(connection))[1] == CONTENT
        assert (await answer(connection))[1] == CONTENT[:10]
        connection[1].close()


async def test_who_leaves_in_the_middle_disturbs_nobody(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        leaving, staying = [await asyncio.open_connection("127.0.0.1", port, limit=4096) for _ in range(2)]
        request(leaving)
        request(staying)
        await leaving[0].readexactly(1000)
        leaving[1].transport.abort()
        assert (await answer(staying))[1] == CONTENT
        again = await asyncio.open_connection("127.0.0.1", port)
        request(again, Range="bytes=1000-300999")
        assert (await answer(again))[1] == MIDDLE
        for _, writer in (staying, again):
            writer.close()


async def test_what_is_not_in_memory_is_read_in_a_thread(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendfile, "is_cached", lambda *_: False)
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        request(connection)
        assert (await answer(connection))[1] == CONTENT
        connection[1].close()


async def test_the_handler_is_asked_once_for_an_address_and_again_for_other_sites(
    engines: Engines, cinema: Cinema
) -> None:
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        for start in range(3):
            request(connection, Range=f"bytes={start}-{start + 99_999}")
            head, body = await answer(connection)
            assert (body, "x-for: all" in head) == (CONTENT[start : start + 100_000], True)
        assert cinema.asked == 1
        request(connection, Origin="https://other.example", Range="bytes=0-1")
        assert "x-for: https://other.example" in (await answer(connection))[0]
        assert cinema.asked == 2
        cinema.film.unlink()
        request(connection)
        assert "404" in (await answer(connection))[0]
        assert cinema.asked == 3
        connection[1].close()
