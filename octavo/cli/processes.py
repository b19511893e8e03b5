"""What runs inside each process that serves or works: an event loop that ends on SIGTERM."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from socket import socket

import uvloop

from octavo import app
from octavo.settings import Settings


def web_process(
    settings: Settings, url: str, sockets: Mapping[str, socket], name: str, ready: Callable[[], None]
) -> None:
    uvloop.run(app.run_web(settings, url, sockets, ready, name))


def worker_process(settings: Settings, url: str, queues: Sequence[str], ready: Callable[[], None]) -> None:
    _run_until_signal(lambda stopping: app.run_worker(settings, url, queues, stopping, ready))


def carrier_process(settings: Settings, url: str, ready: Callable[[], None]) -> None:
    _run_until_signal(lambda stopping: app.run_carrier(settings, url, stopping, ready))


def proxy_process(settings: Settings, listening: socket, dialect: socket, ready: Callable[[], None]) -> None:
    _run_until_signal(lambda stopping: app.run_proxy(settings, listening, dialect, stopping, ready))


def _run_until_signal(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    async def run() -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        await work(stopping)

    uvloop.run(run())
