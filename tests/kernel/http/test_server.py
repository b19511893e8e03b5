"""A real server on a real socket: streams, sockets, and an end that does not wait for those who stay."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Dialect, Router, public, serve, signed_in
from octavo.kernel.refusals import Refusal
from tests.kernel.http.small_house import house, with_settings
from tests.kernel.http.streaming_room import Room, room, serving

__all__ = ["room"]


async def read_until(lines: AsyncIterator[str], wanted: str) -> list[str]:
    seen = []
    async with asyncio.timeout(60):
        async for line in lines:
            seen.append(line)
            if line == wanted:
                break
    return seen


async def test_events_arrive_one_by_one(engines: Engines, room: Room) -> None:
    async with (
        serving(engines, room.routes()) as url,
        httpx.AsyncClient(timeout=60) as client,
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
        httpx.AsyncClient(timeout=60) as client,
        client.stream("GET", f"{url}/t/ticks") as answer,
    ):
        await read_until(aiter(answer.aiter_lines()), ": still here")


async def test_the_source_hears_that_its_reader_left(engines: Engines, room: Room) -> None:
    async with serving(engines, room.routes()) as url, httpx.AsyncClient(timeout=60) as client:
        async with client.stream("GET", f"{url}/t/ticks") as answer:
            await read_until(aiter(answer.aiter_lines()), "data: lines")
        async with asyncio.timeout(60):
            await room.left.wait()


async def test_open_streams_and_sockets_end_with_the_server(
    engines: Engines, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octavo.kernel.http._server.GRACE_SECONDS", 600)  # nobody is cut off: they end by themselves
    async with httpx.AsyncClient(timeout=60) as client:
        async with serving(engines, room.routes()) as url:
            answer = await client.send(client.build_request("GET", f"{url}/t/ticks"), stream=True)
            lines = aiter(answer.aiter_lines())
            await read_until(lines, "data: lines")
            talk = await connect(f"{url.replace('http', 'ws')}/t/echo/a")
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
    async with serving(engines, room.routes()) as url, httpx.AsyncClient(timeout=60) as client:
        whole = await client.get(f"{url}/t/film")
        part = await client.get(f"{url}/t/film", headers={"range": "bytes=4-500003"})
    assert whole.content == b"film" * 1_000_000
    assert part.content == b"film" * 125_000


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
    async with httpx.AsyncClient(timeout=60) as client:
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
    async with serving(engines, room.routes(), **options) as url, httpx.AsyncClient(timeout=60) as client:
        there = await client.get(f"{url}/greeting", headers={"host": "SMS.example:8420"})
        here = await client.get(f"{url}/greeting")
    assert there.json() == "hello"
    assert here.status_code == 404
