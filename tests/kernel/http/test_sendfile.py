"""Large files over a real socket: whole and in order, however slowly they are taken, and for those who leave."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
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
        for _ in range(2):
            request(connection)
            assert (await answer(connection))[1] == CONTENT
            request(connection, Range="bytes=7-5000006")
            assert (await answer(connection))[1] == CONTENT[7:5_000_007]
        connection[1].close()


async def test_a_part_of_a_known_film_arrives_however_slowly_it_is_taken(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        for start in range(3):
            request(connection, Range=f"bytes={start}-{start + 4_999_999}")
            request(connection, Range="bytes=0-99999")
            await asyncio.sleep(0.1)
            head, body = await answer(connection)
            assert head.startswith("http/1.1 206")
            assert f"content-range: bytes {start}-{start + 4_999_999}/{len(CONTENT)}" in head
            assert body == CONTENT[start : start + 5_000_000]
            assert (await answer(connection))[1] == CONTENT[:100_000]
        assert cinema.asked == 1
        connection[1].close()


async def test_who_speaks_the_older_http_gets_a_known_part_and_the_end(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        first = await asyncio.open_connection("127.0.0.1", port)
        request(first, Range="bytes=0-99999")
        await answer(first)
        old = await asyncio.open_connection("127.0.0.1", port)
        old[1].write(b"GET /t/film HTTP/1.0\r\nConnection: keep-alive\r\nRange: bytes=7-100006\r\n\r\n")
        said = await asyncio.wait_for(old[0].read(), 60)
        assert said.endswith(CONTENT[7:100_007])
        assert b"connection: close" in said.lower().partition(b"\r\n\r\n")[0]
        for _, writer in (first, old):
            writer.close()


async def test_a_part_that_nobody_takes_to_the_end_leaves_no_file_open(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        first = await asyncio.open_connection("127.0.0.1", port)
        request(first, Range="bytes=0-99999")
        await answer(first)
        for _ in range(3):
            leaving = await asyncio.open_connection("127.0.0.1", port, limit=4096)
            request(leaving, Range="bytes=0-5999999")
            await leaving[0].readuntil(b"\r\n\r\n")
            assert open_films(cinema) == 1
            leaving[1].transport.abort()
            async with asyncio.timeout(60):
                while open_films(cinema):
                    await asyncio.sleep(0.01)
        first[1].close()


async def test_where_no_descriptor_is_left_one_connection_ends_and_no_file_stays_open(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(engines, cinema) as port:
        first = await asyncio.open_connection("127.0.0.1", port)
        request(first, Range="bytes=0-99999")
        await answer(first)
        with monkeypatch.context() as none_left:
            none_left.setattr(os, "dup", refused)
            other = await asyncio.open_connection("127.0.0.1", port)
            request(other, Range="bytes=0-99999")
            assert await other[0].read() == b""
        assert open_films(cinema) == 0
        request(first, Range="bytes=0-99999")
        assert (await answer(first))[1] == CONTENT[:100_000]
        for _, writer in (first, other):
            writer.close()


def refused(_: int) -> int:
    raise OSError(errno.EMFILE, "no more")


def open_films(cinema: Cinema) -> int:
    """How often this process has the film open."""
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            count += descriptor.readlink() == cinema.film
    return count


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
