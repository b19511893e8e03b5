"""Parts of a film that is known already: the same bytes and heads as the long way gives, and nothing but."""

import asyncio
import errno
import os

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.http import _open_file as open_file
from tests.kernel.http.cinema import CONTENT, MIDDLE, Cinema, answer, open_films, opened, request, viewer


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
        first = await viewer(port)
        old = await asyncio.open_connection("127.0.0.1", port)
        old[1].write(b"GET /t/film HTTP/1.0\r\nConnection: keep-alive\r\nRange: bytes=7-100006\r\n\r\n")
        said = await asyncio.wait_for(old[0].read(), 60)
        assert said.endswith(CONTENT[7:100_007])
        assert b"connection: close" in said.lower().partition(b"\r\n\r\n")[0]
        for _, writer in (first, old):
            writer.close()


async def test_a_part_that_nobody_takes_to_the_end_leaves_no_file_open(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_file, "KEPT_SECONDS", 0.0)
    async with opened(engines, cinema) as port:
        first = await viewer(port)
        for _ in range(3):
            leaving = await asyncio.open_connection("127.0.0.1", port, limit=4096)
            request(leaving, Range="bytes=0-5999999")
            await leaving[0].readuntil(b"\r\n\r\n")
            assert open_films(cinema) == 1
            leaving[1].transport.abort()
            await until_closed(cinema)
        first[1].close()


async def test_where_no_descriptor_is_left_one_connection_ends_and_no_file_stays_open(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_file, "KEPT_SECONDS", 0.0)
    async with opened(engines, cinema) as port:
        first = await viewer(port)
        with monkeypatch.context() as none_left:
            none_left.setattr(os, "dup", refused)
            other = await asyncio.open_connection("127.0.0.1", port)
            request(other, Range="bytes=0-99999")
            assert await other[0].read() == b""
        await until_closed(cinema)
        request(first, Range="bytes=0-99999")
        assert (await answer(first))[1] == CONTENT[:100_000]
        for _, writer in (first, other):
            writer.close()


def refused(_: int) -> int:
    raise OSError(errno.EMFILE, "no more")


async def until_closed(cinema: Cinema) -> None:
    async with asyncio.timeout(60):
        while open_films(cinema):
            await asyncio.sleep(0.01)


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


async def test_a_film_stays_open_for_a_moment_and_not_beyond_the_server(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_file, "KEPT_SECONDS", 3600.0)
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            request(connection, Range="bytes=1000-300999")
            assert (await answer(connection))[1] == MIDDLE
        assert open_films(cinema) == 1
        connection[1].close()
    assert open_films(cinema) == 0


async def test_a_film_that_is_replaced_is_sent_as_one_or_as_the_other(
    engines: Engines, cinema: Cinema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_file, "KEPT_SECONDS", 1.0)
    other = CONTENT[::-1][:3_000_000]
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            request(connection, Range="bytes=1000-300999")
            assert (await answer(connection))[1] == MIDDLE
        cinema.replace(other)
        seen = set()
        async with asyncio.timeout(60):
            while other[1000:301_000] not in seen:
                request(connection, Range="bytes=1000-300999")
                head, body = await answer(connection)
                seen.add(body)
                size = len(CONTENT) if body == MIDDLE else len(other)
                assert f"content-range: bytes 1000-300999/{size}" in head
        assert seen <= {MIDDLE, other[1000:301_000]}
        connection[1].close()
