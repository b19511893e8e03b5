"""Bad requests before a handler sees them: a server that is sent too much, or nothing, lets go."""

import asyncio
import contextlib

import httpx
import pytest

from octavo.kernel.context import Engines
from tests.kernel.http.streaming_room import serving


async def answer_to(url: str, *pieces: bytes) -> bytes:
    """All that the server says to these bytes, until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
    said = b""
    with contextlib.suppress(ConnectionError):
        said = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return said


HEAD = b"GET /healthz HTTP/1.1\r\nHost: octavo.test\r\n"
DEADLINE = "octavo.kernel.http._protocol.HEAD_SECONDS"
CHUNKED = b"POST /t/nothing HTTP/1.1\r\nHost: octavo.test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"


@pytest.mark.parametrize(
    ("pieces", "answered"),
    [
        ([HEAD, b"X-Fine: " + b"x" * 10_000, b"\r\nConnection: close\r\n\r\n"], True),
        ([HEAD, b"X-Long: ", *[b"x" * 10_000] * 10], False),
        ([HEAD, *[b"X-Many: " + b"x" * 1000 + b"\r\n"] * 100], False),
        ([b"GET /", *[b"x" * 10_000] * 10], False),
    ],
)
async def test_the_head_of_a_request_takes_only_so_much_memory(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], *, answered: bool
) -> None:
    """The 400 that says so may be lost: a sender who is still sending finds the connection closed."""
    monkeypatch.setattr(DEADLINE, 600.0)  # so that it is not time that ends the connection
    async with serving(engines, []) as url:
        assert (b"HTTP/1.1 200" in await answer_to(url, *pieces)) is answered


async def test_what_comes_behind_a_body_takes_only_so_much_memory(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DEADLINE, 600.0)
    async with serving(engines, []) as url:
        assert b"HTTP/1.1 200" not in await answer_to(url, CHUNKED, b"X-Trailer: ", *[b"x" * 10_000] * 100)


async def test_who_does_not_say_what_they_want_is_let_go(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(engines, []) as url, httpx.AsyncClient(timeout=60) as client:
        with monkeypatch.context() as hurried:
            hurried.setattr(DEADLINE, 0.2)
            assert await asyncio.gather(answer_to(url), answer_to(url, HEAD)) == [b"", b""]
        assert (await client.get(f"{url}/healthz")).status_code == 200
