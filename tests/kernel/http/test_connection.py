"""What is said on one connection, byte by byte: one answer after the other, and an end when nothing else is right."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Answer, BodyStream, Bytes, Request, Router, granted
from tests.kernel.http.small_house import with_settings
from tests.kernel.http.streaming_room import serving

open_to_tests = granted("anyone", "a test")
GET = "GET /t/{} HTTP/1.1\r\nHost: o\r\n\r\n"


class Wrong(Response):
    """An answer that does not keep to what its head says."""

    def __init__(self, announced: int, *pieces: bytes) -> None:
        self.announced, self.pieces = announced, pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = str(self.announced).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class Unmeasured(Response):
    """An answer whose length nobody knows before."""

    def __init__(self) -> None:
        pass

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"some", "more_body": True})
        await send({"type": "http.response.body", "body": b" more"})


def a_room(asked_for_later: asyncio.Event | None = None) -> Router:
    router = Router("/t", product="test")

    @router.get("/late", access=open_to_tests)
    async def late(ctx: Context) -> Bytes:
        await asyncio.sleep(0.05)
        return Bytes(b"late", "text/plain")

    @router.get("/later", access=open_to_tests)
    async def later(ctx: Context, request: Request) -> Bytes:
        if asked_for_later is not None:
            asked_for_later.set()
        await request.site.stopping.wait()
        return Bytes(b"later", "text/plain")

    @router.get("/soon", access=open_to_tests)
    async def soon(ctx: Context) -> Bytes:
        return Bytes(b"soon", "text/plain")

    @router.post("/read", access=open_to_tests, body_limit=100_000)
    async def read(ctx: Context, stream: BodyStream) -> Bytes:
        return Bytes(b"%d" % len(await stream.read()), "text/plain")

    @router.get("/injected", access=open_to_tests)
    async def injected(ctx: Context) -> Answer:
        return Answer("x", headers={"X-Name": "a\r\nSet-Cookie: b=c"})

    @router.get("/long", access=open_to_tests)
    async def long(ctx: Context) -> Wrong:
        return Wrong(3, b"four")

    @router.get("/short", access=open_to_tests)
    async def short(ctx: Context) -> Wrong:
        return Wrong(5, b"four")

    @router.get("/unmeasured", access=open_to_tests)
    async def unmeasured(ctx: Context) -> Unmeasured:
        return Unmeasured()

    return router


class Line:
    """A client's end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def say(self, text: str) -> None:
        self._writer.write(text.encode())

    async def head(self) -> str:
        return (await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), 60)).decode().lower()

    async def answer(self) -> tuple[int, str]:
        head = await self.head()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        return int(head.split()[1]), (await self._reader.readexactly(length)).decode()

    async def rest(self) -> str:
        """All until the server ends the connection."""
        return (await asyncio.wait_for(self._reader.read(), 60)).decode()

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def a_line(engines: Engines, **settings: Any) -> AsyncIterator[Line]:
    async with serving(with_settings(engines, **settings), a_room().routes) as url:
        line = Line(*await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2])))
        try:
            yield line
        finally:
            line.close()


async def test_answers_come_in_the_order_of_their_requests(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say(GET.format("late") + GET.format("soon") + GET.format("late"))
        assert [await line.answer() for _ in range(3)] == [(200, "late"), (200, "soon"), (200, "late")]


async def test_what_is_no_request_is_refused_after_the_answers_before_it(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say(GET.format("late") + "what is this?\r\n\r\n")
        assert await line.answer() == (200, "late")
        assert (await line.rest()).startswith("HTTP/1.1 400 ")


async def test_a_body_that_is_too_large_is_refused_and_the_next_request_answered(engines: Engines) -> None:
    async with a_line(engines) as line:
        size = 300_000
        line.say(f"POST /t/read HTTP/1.1\r\nHost: o\r\nContent-Length: {size}\r\n\r\n")
        assert (await line.answer())[0] == 413
        line.say("x" * size + GET.format("soon"))
        assert await line.answer() == (200, "soon")


async def test_a_body_is_waited_for_and_asked_for(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say("POST /t/read HTTP/1.1\r\nHost: o\r\nContent-Length: 90000\r\nExpect: 100-continue\r\n\r\n")
        assert (await line.head()).startswith("http/1.1 100 ")
        line.say("x" * 90_000)
        assert await line.answer() == (200, "90000")
        line.say("POST /t/read HTTP/1.1\r\nHost: o\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        line.say("2\r\nde\r\n0\r\n\r\n")
        assert await line.answer() == (200, "5")


async def test_a_quiet_connection_is_let_go(engines: Engines) -> None:
    async with a_line(engines, keep_alive=1) as line:
        line.say(GET.format("soon"))
        assert await line.answer() == (200, "soon")
        assert await line.rest() == ""


async def test_what_is_being_answered_when_the_server_stops_is_answered(engines: Engines) -> None:
    asked = asyncio.Event()
    async with serving(engines, a_room(asked).routes) as url:
        line = Line(*await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2])))
        line.say(GET.format("soon"))
        assert await line.answer() == (200, "soon")
        line.say(GET.format("later"))
        await asked.wait()
    said = (await line.rest()).lower()
    assert said.startswith("http/1.1 200 ")
    assert said.endswith("later")
    assert "connection: close" in said
    line.close()


async def test_a_line_end_in_a_header_reaches_nobody(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say(GET.format("injected"))
        said = await line.rest()
        assert said.startswith("HTTP/1.1 500 ")
        assert "b=c" not in said


@pytest.mark.parametrize(("path", "body"), [("long", ""), ("short", "four")])
async def test_an_answer_of_another_length_than_it_says_is_cut_off(engines: Engines, path: str, body: str) -> None:
    async with a_line(engines) as line:
        line.say(GET.format(path) + GET.format("soon"))
        assert (await line.head()).startswith("http/1.1 200 ")
        assert await line.rest() == body


async def test_a_length_that_nobody_knows_is_told_by_chunks(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say(GET.format("unmeasured") + "GET /t/soon HTTP/1.1\r\nHost: o\r\nConnection: close\r\n\r\n")
        assert "transfer-encoding: chunked" in await line.head()
        assert (await line.rest()).startswith("4\r\nsome\r\n5\r\n more\r\n0\r\n\r\nHTTP/1.1 200 ")


async def test_before_there_were_chunks_the_end_told_it(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say("GET /t/unmeasured HTTP/1.0\r\n\r\n")
        head = await line.head()
        assert ("chunked" in head, "connection: close" in head) == (False, True)
        assert await line.rest() == "some more"


async def test_an_upgrade_that_we_do_not_know_is_answered_in_plain_http(engines: Engines) -> None:
    async with a_line(engines) as line:
        line.say("GET /t/soon HTTP/1.1\r\nHost: o\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        said = await line.rest()
        assert said.startswith("HTTP/1.1 200 ")
        assert said.endswith("soon")
