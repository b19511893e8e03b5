"""Heads that differ in the figures of their range alone are not parsed again, and none other is taken for one."""

import asyncio
from types import SimpleNamespace

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.http import _repeated as repeated
from octavo.kernel.http._at_once import MOST_HEADS, Asked, PartsAtOnce
from octavo.kernel.http._scope import Headers
from tests.kernel.http.cinema import CONTENT, MIDDLE, Cinema, Connection, answer, opened, request, viewer


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The addresses of the requests that had to be parsed before it was clear whether they are known."""
    addresses: list[bytes] = []
    answer_parsed = PartsAtOnce.answer

    def answer_counted(parts: PartsAtOnce, address: bytes, headers: Headers, defaults: Headers) -> Asked | None:
        addresses.append(address)
        return answer_parsed(parts, address, headers, defaults)

    monkeypatch.setattr(PartsAtOnce, "answer", answer_counted)
    return addresses


async def test_heads_that_differ_in_the_figures_of_their_range_are_parsed_once(
    engines: Engines, cinema: Cinema, parsed: list[bytes]
) -> None:
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        request(connection, Range="bytes=0-9")
        await answer(connection)
        parsed.clear()
        for start in range(0, 5_000_000, 1_000_000):
            for player in ("pictures", "sound"):
                request(connection, User_Agent=player, Range=f"bytes={start}-{start + 99_999}", Accept="*/*")
                head, body = await answer(connection)
                assert f"content-range: bytes {start}-{start + 99_999}/{len(CONTENT)}\r\n" in head
                assert body == CONTENT[start : start + 100_000]
        assert parsed == [b"/t/film"] * 2
        assert cinema.asked == 1
        connection[1].close()


async def test_more_heads_than_are_remembered(engines: Engines, cinema: Cinema, parsed: list[bytes]) -> None:
    async with opened(engines, cinema) as port:
        connection = await asyncio.open_connection("127.0.0.1", port)
        for start in range(3 * MOST_HEADS):
            request(connection, User_Agent=f"player {start}", Range=f"bytes={start}-{start + 99_999}")
            assert (await answer(connection))[1] == CONTENT[start : start + 100_000]
        assert len(parsed) == 3 * MOST_HEADS
        connection[1].close()


USUAL = b"GET /t/film HTTP/1.1\r\nHost: o\r\nRange: bytes=1000-300999\r\n\r\n"
ODD = [
    "Range: bytes=0-99999\n\r\n",
    "Range: bytes=0-99999 \r\n",
    "Range: bytes=0-99999\r\nRange: bytes=7-100006\r\n",
    "Range: bytes=100-1\r\n",
    "Range: bytes=99999999-199999999\r\n",
    "Range: bytes=0-9\r\n",
    "Range: bytes=-100000\r\n",
    "Range: bytes=100000-\r\n",
    "Range: bytes=0-70000,80000-170000\r\n",
    "Range: bytes=0-0099999\r\n",
    "Range: bytes=0-99999999999999999999\r\n",
    "Range: frames=0-99999\r\n",
    "Range:bytes=0-99999\r\n",
    "rANGE: bytes=0-99999\r\n",
    "Range: bytes=0-99999\r\n folded\r\n",
    'Range: bytes=0-99999\r\nIf-None-Match: "one"\r\n',
    'Range: bytes=0-99999\r\nIf-Range: "two"\r\n',
    "Range: bytes=0-99999\r\nOrigin: https://other.example\r\n",
    "Range: bytes=0-99999\r\nConnection: close\r\n",
    "Range: bytes=0-99999\r\nContent-Length: 0\r\n",
]


@pytest.mark.parametrize("odd", ODD)
async def test_odd_heads_get_on_a_connection_that_remembers_what_they_get_on_a_new_one(
    engines: Engines, cinema: Cinema, odd: str
) -> None:
    first = f"GET /t/film HTTP/1.1\r\nHost: o\r\n{odd}\r\n".encode()
    asked = [first, first.replace(b"99999", b"88888")]
    async with opened(engines, cinema) as port:
        remembering = await remembering_viewer(port)
        for head in asked:
            new = await asyncio.open_connection("127.0.0.1", port)
            assert await said(remembering, head) == await said(new, head)
            new[1].close()
            if remembering[0].at_eof():
                break
        remembering[1].close()


async def remembering_viewer(port: int) -> Connection:
    """Whose connection has been asked for the middle of the film, so that this head is remembered."""
    connection = await viewer(port)
    for _ in range(2):
        connection[1].write(USUAL)
        assert (await answer(connection))[1] == MIDDLE
    return connection


async def said(connection: Connection, head: bytes) -> list[bytes]:
    """The answer, but for what no two answers share, and whether the connection ends with it."""
    reader, writer = connection
    writer.write(head)
    lines = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).lower().split(b"\r\n")
    fields = dict(line.split(b": ", 1) for line in lines[1:] if line)
    body = await asyncio.wait_for(reader.readexactly(int(fields.get(b"content-length", b"0"))), 60)
    same = [line for line in lines if not line.startswith((b"date:", b"x-request-id:"))]
    if ends := fields.get(b"connection") == b"close":
        assert await asyncio.wait_for(reader.read(), 60) == b""
    return [*same, body, b"ends" if ends else b"goes on"]


async def test_a_body_that_looks_like_a_head_is_none(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        connection = await remembering_viewer(port)
        connection[1].write(b"POST /t/film HTTP/1.1\r\nHost: o\r\nContent-Length: %d\r\n\r\n" % len(USUAL))
        assert (await answer(connection))[0].startswith("http/1.1 405")
        connection[1].write(USUAL)  # arrives alone, while the parser waits for a body
        await asyncio.sleep(0.1)
        request(connection, Range="bytes=7-100006")
        assert (await answer(connection))[1] == CONTENT[7:100_007]
        connection[1].close()


async def test_heads_in_pieces_and_heads_at_once(engines: Engines, cinema: Cinema) -> None:
    async with opened(engines, cinema) as port:
        connection = await remembering_viewer(port)
        for cut in (1, 3, 30, len(USUAL) - 2):
            connection[1].write(USUAL[:cut])
            await asyncio.sleep(0.02)
            connection[1].write(USUAL[cut:])
            assert (await answer(connection))[1] == MIDDLE
        connection[1].write(USUAL * 5)
        for _ in range(5):
            assert (await answer(connection))[1] == MIDDLE
        connection[1].close()


async def test_a_remembered_head_is_answered_anew_when_what_was_known_is_old(
    engines: Engines, cinema: Cinema, parsed: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = 0.0
    monkeypatch.setattr(repeated, "time", SimpleNamespace(monotonic=lambda: later))
    async with opened(engines, cinema) as port:
        connection = await remembering_viewer(port)
        parsed.clear()
        for asked in (1, 2):
            connection[1].write(USUAL)
            assert (await answer(connection))[1] == MIDDLE
            assert (cinema.asked, len(parsed)) == (asked, asked - 1)
            later += cinema.same_for + 1
        cinema.film.unlink()
        connection[1].write(USUAL)
        assert (await answer(connection))[0].startswith("http/1.1 404")
        connection[1].close()
