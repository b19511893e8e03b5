"""A real server on a real socket: streams, sockets, and an end that does not wait for those who stay."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import httpx
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import (
    Dialect,
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
from octavo.kernel.refusals import Forbidden, Refusal
from tests.kernel.http.small_house import house, with_settings

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
        async with asyncio.timeout(5):
            await server


@pytest.fixture
async def room(tmp_path: Path) -> Room:
    (tmp_path / "film.mp4").write_bytes(b"film" * 1_000_000)
    return Room(tmp_path)


async def read_until(lines: AsyncIterator[str], wanted: str) -> list[str]:
    seen = []
    async with asyncio.timeout(5):
        async for line in lines:
            seen.append(line)
            if line == wanted:
                break
    return seen


async def test_events_arrive_one_by_one(engines: Engines, room: Room) -> None:
    async with (
        serving(engines, room.routes()) as url,
        httpx.AsyncClient() as client,
        client.stream("GET", f"{url}/t/ticks", headers={"accept-encoding": "gzip"}) as answer,
    ):
        lines = aiter(answer.aiter_lines())
        seen = await read_until(lines, "data: lines")
        room.go_on.set()
        rest = [line async for line in lines]
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "content-encoding" not in answer.headers
    assert [line for line in seen if line] == [
        "retry: 2000",
        "id: 1",
        "event: tick",
        'data: {"n":1}',
        "id: 2",
        "event: tick",
        "data: two",
        "data: lines",
    ]
    # httpx itself breaks lines where Python does, browsers do not.
    assert "\u2028".join(line for line in rest if line) == 'data: {"n":3,"text":"one\u2028line"}'


async def test_a_quiet_stream_is_kept_open(engines: Engines, room: Room) -> None:
    quick = with_settings(engines, heartbeat=0.05)
    async with (
        serving(quick, room.routes()) as url,
        httpx.AsyncClient() as client,
        client.stream("GET", f"{url}/t/ticks") as answer,
    ):
        await read_until(aiter(answer.aiter_lines()), ": still here")


async def test_the_source_hears_that_its_reader_left(engines: Engines, room: Room) -> None:
    async with serving(engines, room.routes()) as url, httpx.AsyncClient() as client:
        async with client.stream("GET", f"{url}/t/ticks") as answer:
            await read_until(aiter(answer.aiter_lines()), "data: lines")
        async with asyncio.timeout(5):
            await room.left.wait()


async def test_open_streams_and_sockets_end_with_the_server(engines: Engines, room: Room) -> None:
    async with httpx.AsyncClient() as client:
        async with serving(engines, room.routes()) as url:
            answer = await client.send(client.build_request("GET", f"{url}/t/ticks"), stream=True)
            lines = aiter(answer.aiter_lines())
            await read_until(lines, "data: lines")
            talk = await connect(f"{url.replace('http', 'ws')}/t/echo/a")
            began = perf_counter()
        assert perf_counter() - began < 3
        assert "event: stopping" in [line async for line in lines]
        with pytest.raises(ConnectionClosed) as closed:
            await talk.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in (1001, 1012)
    assert room.left.is_set()


async def test_a_socket_talks_both_ways(engines: Engines, room: Room) -> None:
    async with (
        serving(engines, room.routes()) as url,
        connect(f"{url.replace('http', 'ws')}/t/echo/kitchen") as talk,
    ):
        await talk.send('{"text": "hello"}')
        assert await talk.recv() == '{"room":"kitchen","text":"hello"}'
        await talk.send("nonsense")
        with pytest.raises(ConnectionClosed) as closed:
            await talk.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_a_socket_that_does_not_read_is_let_go(engines: Engines, room: Room) -> None:
    async with (
        serving(engines, room.routes()) as url,
        connect(f"{url.replace('http', 'ws')}/t/echo/kitchen") as talk,
    ):
        await talk.send("flood")
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(1001):
                await talk.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/t/members", {}, 401),
        ("/t/nowhere", {}, 404),
        ("/t/echo/a", {"Origin": "http://evil.test"}, 403),
    ],
)
async def test_a_socket_may_be_refused(
    engines: Engines, room: Room, path: str, headers: dict[str, str], status: int
) -> None:
    async with serving(engines, room.routes()) as url:
        with pytest.raises(InvalidStatus) as refused:
            await connect(url.replace("http", "ws") + path, additional_headers=headers)
    assert refused.value.response.status_code == status


async def test_a_member_may_open_a_socket(engines: Engines, room: Room) -> None:
    async with (
        serving(engines, room.routes()) as url,
        connect(f"{url.replace('http', 'ws')}/t/members", additional_headers={"Authorization": "Bearer ada"}) as talk,
    ):
        with pytest.raises(ConnectionClosed):
            await talk.recv()


async def test_a_film_arrives_over_the_wire(engines: Engines, room: Room) -> None:
    async with serving(engines, room.routes()) as url, httpx.AsyncClient() as client:
        whole = await client.get(f"{url}/t/film")
        part = await client.get(f"{url}/t/film", headers={"range": "bytes=4-500003"})
    assert whole.content == b"film" * 1_000_000
    assert part.content == b"film" * 125_000


async def answer_to(url: str, *pieces: bytes) -> bytes:
    """All that the server says to these bytes, until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
    said = b""
    with contextlib.suppress(ConnectionError):
        said = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return said


HEAD = b"GET /healthz HTTP/1.1\r\nHost: octavo.test\r\n"
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
    engines: Engines, pieces: list[bytes], *, answered: bool
) -> None:
    """The 400 that says so may be lost: a sender who is still sending finds the connection closed."""
    async with serving(engines, []) as url:
        assert (b"HTTP/1.1 200" in await answer_to(url, *pieces)) is answered


async def test_what_comes_behind_a_body_takes_only_so_much_memory(engines: Engines) -> None:
    async with serving(engines, []) as url:
        assert b"HTTP/1.1 200" not in await answer_to(url, CHUNKED, b"X-Trailer: ", *[b"x" * 10_000] * 100)


async def test_who_does_not_say_what_they_want_is_let_go(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octavo.kernel.http._protocol.HEAD_SECONDS", 0.2)
    async with serving(engines, []) as url, httpx.AsyncClient() as client:
        assert await asyncio.gather(answer_to(url), answer_to(url, HEAD)) == [b"", b""]
        assert (await client.get(f"{url}/healthz")).status_code == 200


def in_words(refusal: Refusal) -> tuple[int, dict[str, str], bytes]:
    return refusal.status, {"Content-Type": "text/plain"}, f"NO: {refusal.title}".encode()


def a_dialect() -> Dialect:
    router = Router("", product="test")

    @router.get("/greeting", access=public)
    async def greeting(ctx: Context) -> str:
        return "hello"

    @router.get("/account", access=signed_in)
    async def account(ctx: Context) -> str:
        return "mine"

    return Dialect(name="plain", routes=router.routes, render_refusal=in_words)


async def test_a_dialect_has_a_port_of_its_own_and_its_own_words(engines: Engines, room: Room) -> None:
    app = house(engines, room.routes(), dialects=[a_dialect()])
    sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in ("web", "plain")}
    urls = {name: f"http://127.0.0.1:{bound.getsockname()[1]}" for name, bound in sockets.items()}
    ready, stopping = asyncio.Event(), asyncio.Event()
    server = asyncio.create_task(serve(app, sockets, engines, on_ready=ready.set, stopping=stopping))
    await ready.wait()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{urls['plain']}/greeting")).json() == "hello"
        assert (await client.get(f"{urls['web']}/greeting")).status_code == 404
        refused = await client.get(f"{urls['plain']}/healthz")
        stranger = await client.get(f"{urls['plain']}/account")
    stopping.set()
    await server
    assert refused.status_code == 404
    assert refused.text == "NO: There is nothing here"
    assert (stranger.status_code, stranger.text) == (401, "NO: Please sign in first")


async def test_a_dialect_may_live_under_a_host(engines: Engines, room: Room) -> None:
    environ = {"OCTAVO_PLAIN_HOST": "sms.example"}
    options = {"dialects": [a_dialect()], "environ": environ}
    async with serving(engines, room.routes(), **options) as url, httpx.AsyncClient() as client:
        there = await client.get(f"{url}/greeting", headers={"host": "SMS.example:8420"})
        here = await client.get(f"{url}/greeting")
    assert there.json() == "hello"
    assert here.status_code == 404
