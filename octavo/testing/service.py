"""`octavo up` in a process of its own, and a line into its database from the process of the tests."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from octavo.app import opened_engines
from octavo.kernel.clock import now
from octavo.kernel.context import SYSTEM, Context, Engines
from octavo.kernel.db import EmbeddedServer
from octavo.kernel.processes import die_with_parent
from octavo.settings import load_settings

T = TypeVar("T")
READY_SECONDS = 90
STOP_SECONDS = 15
WORK_SECONDS = 30
# Servers of the tests listen on loopback, and nobody waits for a carrier's real pace.
SETTINGS = {
    "OCTAVO_COMMS_PROXY_PORT": "0",
    "OCTAVO_COMMS_SENDER_RATE": "1000",
    "OCTAVO_COMMS_SIMULATED_DELAY": "0",
    "OCTAVO_OUTGOING_ALLOW": "127.0.0.0/8,::1/128",
}


class NotReady(Exception):
    """Octavo did not start; the message has what it said."""


@dataclass(frozen=True)
class Service:
    """`run` carries out work on the database of the running Octavo, as its commands do."""

    url: str
    ports: Mapping[str, int]
    data_dir: Path
    engines: Engines
    loop: asyncio.AbstractEventLoop

    def run(self, work: Callable[[Context], Awaitable[T]]) -> T:
        async def as_system() -> T:
            return await work(Context(actor=SYSTEM, now=now(), engines=self.engines))

        return asyncio.run_coroutine_threadsafe(as_system(), self.loop).result(WORK_SECONDS)


@contextmanager
def running(data_dir: Path, settings: Mapping[str, str]) -> Iterator[Service]:
    """Octavo on free ports and on this data directory. Raises NotReady."""
    environment = {**_clean_environment(), **SETTINGS, **settings}
    log = data_dir.with_suffix(".log")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "octavo.cli", "up", "--data", str(data_dir), "--port", "0", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,  # Ctrl-C reaches the tests alone, which then end it in order
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    try:
        ready = _first_line(process, log)
        with _line_into(data_dir, environment) as (engines, loop):
            yield Service(ready["url"], ready["ports"], data_dir, engines, loop)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _clean_environment() -> dict[str, str]:
    """Without settings of an Octavo that the person at this machine runs."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("OCTAVO_", "PG", "DATABASE_URL"))}


def _first_line(process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    assert process.stdout is not None
    too_late = threading.Timer(READY_SECONDS, process.kill)
    too_late.start()
    try:
        line = process.stdout.readline()
    finally:
        too_late.cancel()
    if not line:
        raise NotReady(f"`octavo up` did not become ready:\n{log.read_text(errors='replace')}")
    found: dict[str, Any] = json.loads(line)
    return found


@contextmanager
def _line_into(data_dir: Path, environment: Mapping[str, str]) -> Iterator[tuple[Engines, asyncio.AbstractEventLoop]]:
    """Engines over the running database, in an event loop in a thread: tests may be synchronous or not."""
    settings = load_settings(data_dir, environ=environment)
    url = EmbeddedServer(settings.data_dir, settings.db).running_url()
    if url is None:
        raise NotReady("`octavo up` is ready, but its database does not run.")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="octavo.testing", daemon=True)
    thread.start()
    opening = opened_engines(settings, url, application="testing")
    try:
        engines = asyncio.run_coroutine_threadsafe(opening.__aenter__(), loop).result(WORK_SECONDS)
        try:
            yield engines, loop
        finally:
            # The tests are over: that Octavo went away first is nobody's trouble any more.
            with suppress(Exception):
                asyncio.run_coroutine_threadsafe(opening.__aexit__(None, None, None), loop).result(WORK_SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
