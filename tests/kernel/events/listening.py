"""What the tests of events share: an event, a relay that runs for the length of a block, and patience."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

import msgspec

from octavo.kernel.context import Engines
from octavo.kernel.events import Consumer, Event, Relay, emit
from octavo.kernel.ids import new_id

SHARD = new_id()


class Painted(Event, frozen=True):
    NAME: ClassVar[str] = "test.painted"
    n: int
    colour: str = "blue"


class PaintedSeen(msgspec.Struct, frozen=True):
    """What a consumer reads of it: only what it needs."""

    n: int


@asynccontextmanager
async def relaying(engines: Engines, consumers: Sequence[Consumer] = ()) -> AsyncIterator[None]:
    """The polls are short, so that a retry takes no second."""
    events = msgspec.structs.replace(engines.settings.events, poll_seconds=0.1)
    engines = replace(engines, settings=msgspec.structs.replace(engines.settings, events=events))
    stopping = asyncio.Event()
    task = asyncio.create_task(Relay(engines, consumers).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(task, 60)


async def paint(engines: Engines, *numbers: int, shard: UUID = SHARD) -> None:
    async with engines.db.main.transaction() as tx:
        for number in numbers:
            await emit(tx, Painted(n=number), shard=shard)


async def until(is_so: Callable[[], bool | Awaitable[bool]], *, within: float = 60) -> None:
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = is_so()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"Still not so after {within} s")
