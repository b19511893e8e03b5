"""Server-sent events (WHATWG HTML section 9.2): heartbeats, and an end when the reader or the server goes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import msgspec

from octavo.kernel.http._answers import EventStream, ServerEvent
from octavo.kernel.http._exchange import Exchange
from octavo.kernel.http._prepared import Headers, encode_headers, replace_headers

HEARTBEAT = b": still here\n\n"
STOPPING = b"event: stopping\ndata: {}\n\n"
# Browsers come back after this long, soon enough after a restart.
RETRY = b"retry: 2000\n\n"
# The line ends of the format; Python knows others, and a JSON text must not be cut at those.
_LINE_END = re.compile(r"\r\n|\r|\n")


async def send_events(exchange: Exchange, answer: EventStream, *, stopping: asyncio.Event, heartbeat: float) -> None:
    """Returns when the events end, the reader leaves or `stopping` is set; the iterator is closed in every case."""
    headers: Headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # nginx would hold the events back
    ]
    replace_headers(headers, encode_headers(answer.headers))
    gone = asyncio.create_task(exchange.disconnected())
    ending = asyncio.create_task(_set(stopping))
    try:
        await exchange.start(200, headers)
        if exchange.method == "HEAD":
            await exchange.finish()
            return
        await exchange.more(RETRY)
        await _pump(exchange, answer.events, gone, ending, heartbeat)
        if ending.done():
            await exchange.more(STOPPING)
        if not gone.done():
            await exchange.finish()
    finally:
        gone.cancel()
        ending.cancel()
        close = getattr(answer.events, "aclose", None)
        if close is not None:
            await close()


async def _pump(
    exchange: Exchange,
    events: AsyncIterator[ServerEvent],
    gone: asyncio.Task[None],
    ending: asyncio.Task[None],
    heartbeat: float,
) -> None:
    following = asyncio.create_task(_next(events))
    try:
        while True:
            waiting: set[asyncio.Task[Any]] = {following, gone, ending}
            done, _ = await asyncio.wait(waiting, timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
            if gone in done or ending in done:
                return
            if not done:
                await exchange.more(HEARTBEAT)
                continue
            event = following.result()
            if event is None:
                return
            await exchange.more(encode_event(event))
            following = asyncio.create_task(_next(events))
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await following


def encode_event(event: ServerEvent) -> bytes:
    data = event.data if isinstance(event.data, str) else msgspec.json.encode(event.data).decode()
    lines = [f"id: {event.id}"] if event.id else []
    if event.event:
        lines.append(f"event: {event.event}")
    lines += [f"data: {line}" for line in _LINE_END.split(data)]
    return ("\n".join(lines) + "\n\n").encode()


async def _next(events: AsyncIterator[ServerEvent]) -> ServerEvent | None:
    return await anext(events, None)


async def _set(stopping: asyncio.Event) -> None:
    await stopping.wait()
