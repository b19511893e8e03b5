"""Large files over a real socket: whole and in order, however slowly they are taken, and for those who leave."""

import asyncio

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.http import _open_file as open_file
from octavo.kernel.http import _sendfile as sendfile
from tests.kernel.http.cinema import CONTENT, MIDDLE, Cinema, answer, opened, request


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
    monkeypatch.setattr(open_file.OpenFile, "is_cached", lambda *_: False)
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            request(connection)
            assert (await answer(connection))[1] == CONTENT
            request(connection, Range="bytes=7-5000006")
            assert (await answer(connection))[1] == CONTENT[7:5_000_007]
        connection[1].close()


async def test_the_page_cache_is_looked_at_once_and_again_after_a_slow_moment(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[int, int]] = []

    def look(_: int, start: int, end: int) -> bool:
        looks.append((start, end))
        return True

    monkeypatch.setattr(open_file, "_needs_no_disk", look)
    monkeypatch.setattr(open_file, "KEPT_SECONDS", 3600.0)
    monkeypatch.setattr(sendfile, "SLOW_SECONDS", 3600.0)
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        request(connection, Range="bytes=0-9")
        await answer(connection)
        for _ in range(3):
            request(connection, Range="bytes=1000-300999")
            assert (await answer(connection))[1] == MIDDLE
        assert looks == [(1000, 301_000)]
        monkeypatch.setattr(sendfile, "SLOW_SECONDS", -1.0)
        for _ in range(2):
            request(connection, Range="bytes=1000-300999")
            assert (await answer(connection))[1] == MIDDLE
        assert looks == [(1000, 301_000)] * 2
        connection[1].close()
