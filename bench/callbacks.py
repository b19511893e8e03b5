"""Signed callbacks: from a change of state to the first byte at the receiver, at 500 a second, and how many go at all.

The changes are made here; the service runs in a process of its own, as the worker does, and the receiver in a third.
"""

import asyncio
import math
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl
from uuid import UUID

import uvloop
from twilio.request_validator import RequestValidator

from bench.frame import Measure
from octavo.app import opened_engines, prepare_database
from octavo.kernel.callbacks import Callback, run_callbacks, send_many
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.db import EmbeddedServer
from octavo.kernel.ids import new_id
from octavo.products.comms.account.actions import create_account
from octavo.settings import Settings, load_settings

RATE = 500  # changes a second
SECONDS = 10
WARM_UP = 3.0  # until connections are open and statements have their plans
TICK = 0.01  # the changes of so many seconds are made together, as reports of carriers come
BACKLOG = 10_000
LONGEST = 60.0
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"

_process = multiprocessing.get_context("spawn")


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(folder)
        server = EmbeddedServer(settings.data_dir, settings.db)
        try:
            return uvloop.run(_measure(settings, server.start()))
        finally:
            server.stop()


def _settings(folder: str) -> Settings:
    return load_settings(Path(folder), environ={}, outgoing={"allow": ["127.0.0.1"]})


async def _measure(settings: Settings, url: str) -> Sequence[Measure]:
    await prepare_database(url)
    here, there = _process.Pipe()
    with _started(_receive, there), _started(_serve, str(settings.data_dir), url):
        port = await asyncio.to_thread(here.recv)
        async with opened_engines(settings, url, application="bench") as engines:
            account = await create_account(engines.context(now()), name="Bench")
            sending = _Sending(engines, account.account.id, f"http://127.0.0.1:{port}/status", here)
            await sending.steadily(WARM_UP)
            waits = await sending.steadily(SECONDS)
            drained = await sending.all_at_once(BACKLOG)
            here.send("signed")
            url, form, signature = await asyncio.to_thread(here.recv)
            if not RequestValidator(account.auth_token).validate(url, form, signature):
                raise RuntimeError("The receiver's validator refused a callback")
    waits.sort()
    return (
        Measure("change to first byte at 500/s, p50", _percentile(waits, 0.50) * 1000, None, 50.0, "ms"),
        Measure("change to first byte at 500/s, p99", _percentile(waits, 0.99) * 1000, None, 50.0, "ms"),
        Measure("a backlog goes out", BACKLOG / drained, None, 1000.0, "callbacks/s", at_most=False),
    )


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share))]


class _Sending:
    def __init__(self, engines: Engines, owner: UUID, url: str, receiver: Connection) -> None:
        self._engines, self._owner, self._url, self._receiver = engines, owner, url, receiver

    async def steadily(self, seconds: float) -> list[float]:
        """Seconds that each took from the beginning of its transaction to the first byte at the receiver."""
        began, number = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - began) < seconds:
            wanted = int(elapsed * RATE) - number
            if wanted > 0:
                await self._send(wanted)
                number += wanted
            await asyncio.sleep(TICK)
        return await self._received(number)

    async def all_at_once(self, number: int) -> float:
        """Seconds until all were received."""
        for _ in range(number // 1000):
            await self._send(1000)
        began = time.perf_counter()
        before = await self._count()
        left = number - before
        await self._received(number)
        return (time.perf_counter() - began) * number / left

    async def _send(self, number: int) -> None:
        at = str(time.time())
        form = [("MessageSid", "SM" + "0" * 32), ("MessageStatus", "delivered"), ("To", "+14155550100"), ("At", at)]
        async with self._engines.db.main.transaction() as tx:
            await send_many(
                tx,
                [
                    Callback(
                        owner_id=self._owner,
                        thread=new_id(),
                        kind="comms.message_status",
                        subject="SM" + "0" * 32,
                        url=self._url,
                        form=form,
                    )
                    for _ in range(number)
                ],
            )

    async def _count(self) -> int:
        self._receiver.send("count")
        count: int = await asyncio.to_thread(self._receiver.recv)
        return count

    async def _received(self, number: int) -> list[float]:
        async with asyncio.timeout(LONGEST):
            while await self._count() < number:  # noqa: ASYNC110 -- the receiver is another process
                await asyncio.sleep(0.02)
        self._receiver.send("waits")
        waits: list[float] = await asyncio.to_thread(self._receiver.recv)
        return waits


@contextmanager
def _started(work: object, *args: object) -> Iterator[None]:
    process = _process.Process(target=work, args=args)  # type: ignore[arg-type]
    process.start()
    try:
        yield
    finally:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM)
        process.join(15)


def _serve(folder: str, url: str) -> None:
    async def serve() -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        async with opened_engines(_settings(folder), url, application="worker") as engines:
            await run_callbacks(engines, stopping)

    uvloop.run(serve())


def _receive(asked: Connection) -> None:
    async def receive() -> None:
        loop, waits, last = asyncio.get_running_loop(), [], {}  # type: ignore[var-annotated]
        stopping = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stopping.set)
        server = await loop.create_server(lambda: _Receiver(waits, last), "127.0.0.1", 0)
        asked.send(server.sockets[0].getsockname()[1])

        def tell() -> None:
            word = asked.recv()
            if word == "count":
                asked.send(len(waits))
            elif word == "waits":
                asked.send(waits[:])
                waits.clear()
            else:
                asked.send((f"http://{last['host']}/status", dict(parse_qsl(last["body"])), last["signature"]))

        loop.add_reader(asked.fileno(), tell)
        await stopping.wait()

    uvloop.run(receive())


class _Receiver(asyncio.Protocol):
    """As little of a server as will do: it reads one request at a time and notes when its first byte came."""

    def __init__(self, waits: list[float], last: dict[str, str]) -> None:
        self._waits, self._last = waits, last
        self._data = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's own transport is no subclass of it

    def data_received(self, data: bytes) -> None:
        if not self._data:
            self._began = time.time()
        self._data += data
        head, gap, body = self._data.partition(b"\r\n\r\n")
        if not gap:
            return
        headers = dict(line.decode().lower().split(": ", 1) for line in head.split(b"\r\n")[1:])
        if len(body) < int(headers["content-length"]):
            return
        signature = head.split(b"X-Twilio-Signature: ")[1].split(b"\r\n")[0].decode()
        self._last.update(host=headers["host"], body=body.decode(), signature=signature)
        self._waits.append(self._began - float(body.rpartition(b"At=")[2]))
        self._data = b""
        self._transport.write(ANSWER)
