"""Consumers: each event once, in order, whatever fails; a poisonous one is set aside and the rest goes on."""

import asyncio

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Transaction
from octavo.kernel.events import Consumer, actions, retry_parked
from octavo.kernel.events.queries import events_between, parked_events
from tests.kernel.events.listening import PaintedSeen, paint, relaying, until


def remembering(seen: list[int]) -> Consumer:
    async def remember(ctx: Context, tx: Transaction, event: PaintedSeen) -> None:
        seen.append(event.n)

    return Consumer("test.remember", on="test.painted", takes=PaintedSeen, handle=remember)


async def offset_of(engines: Engines, consumer: str) -> int:
    position: int | None = await engines.db.main.value("SELECT position FROM events.consumer WHERE name = $1", consumer)
    return position or 0


async def test_a_consumer_sees_every_event_once_and_in_order(engines: Engines) -> None:
    seen: list[int] = []
    await paint(engines, 1, 2)
    async with relaying(engines, [remembering(seen)]):
        await until(lambda: len(seen) == 2)
        await paint(engines, 3)
        await until(lambda: len(seen) == 3)
        await until(lambda: at(engines, 3))
    async with relaying(engines, [remembering(seen)]):
        await paint(engines, 4)
        await until(lambda: len(seen) == 4)
    assert seen == [1, 2, 3, 4]


async def test_two_processes_share_a_consumer_and_repeat_nothing(engines: Engines) -> None:
    seen: list[int] = []
    async with relaying(engines, [remembering(seen)]), relaying(engines, [remembering(seen)]):
        for number in range(50):
            await paint(engines, number)
        await until(lambda: at(engines, 50))
    assert seen == list(range(50))


async def test_the_effect_falls_with_the_transaction_and_happens_once(engines: Engines) -> None:
    """The handler writes, fails once, and is run again: its row is there once."""
    failures = [RuntimeError("the first time")]

    async def write(ctx: Context, tx: Transaction, event: PaintedSeen) -> None:
        await tx.execute("INSERT INTO jobs.schedule (name, next_at) VALUES ($1, $2)", f"painted {event.n}", ctx.now)
        if event.n == 2 and failures:
            raise failures.pop()

    consumer = Consumer("test.write", on="test.painted", takes=PaintedSeen, handle=write)
    await paint(engines, 1, 2, 3)
    async with relaying(engines, [consumer]):
        await until(lambda: at(engines, 3, "test.write"))
    names = await engines.db.main.column("SELECT name FROM jobs.schedule ORDER BY name")
    assert names == ["painted 1", "painted 2", "painted 3"]


async def test_a_poisonous_event_is_parked_and_the_rest_goes_on(engines: Engines) -> None:
    seen: list[int] = []
    cured = asyncio.Event()

    async def choke(ctx: Context, tx: Transaction, event: PaintedSeen) -> None:
        if event.n == 2 and not cured.is_set():
            raise ValueError("cannot swallow\0 that")  # a poison for PostgreSQL, too
        seen.append(event.n)

    consumer = Consumer("test.choke", on="test.painted", takes=PaintedSeen, handle=choke)
    async with relaying(engines, [consumer]):
        await paint(engines, 1, 2, 3)
        while not await parked_events(engines.db.main):
            await engines.db.main.execute("UPDATE events.consumer SET retry_at = NULL")
            await asyncio.sleep(0.05)
        await until(lambda: at(engines, 3, "test.choke"))
    (parked,) = await parked_events(engines.db.main)
    assert (parked.consumer, parked.name, parked.error) == (
        "test.choke",
        "test.painted",
        "ValueError: cannot swallow that",
    )
    cured.set()
    assert await retry_parked(engines.db.main) == 1
    async with relaying(engines, [consumer]):
        await until(lambda: nothing_is_parked(engines))
    assert seen[-1] == 2


async def test_what_another_process_has_gone_past_is_not_parked(engines: Engines) -> None:
    """One that stood still for as long as its offset was not its own any more."""
    async with relaying(engines, [remembering([])]):
        await paint(engines, 1)
        await until(lambda: at(engines, 1))
    (event,) = await events_between(engines.db.main, ["test.painted"], 0, 1, 10)
    assert not await actions.park(engines.db.main, "test.remember", event, "too late", now())
    assert await parked_events(engines.db.main) == []
    assert await at(engines, 1)


async def nothing_is_parked(engines: Engines) -> bool:
    return await parked_events(engines.db.main) == []


async def test_an_event_that_another_version_wrote_is_parked_not_lost(engines: Engines) -> None:
    seen: list[int] = []
    consumer = remembering(seen)
    await paint(engines, 1, 2)
    await engines.db.main.execute(
        "UPDATE events.outbox SET body = '{}' /* fanout */ WHERE id = (SELECT min(id::text)::uuid FROM events.outbox)"
    )
    async with relaying(engines, [consumer]):
        while not await parked_events(engines.db.main):
            await engines.db.main.execute("UPDATE events.consumer SET retry_at = NULL")
            await asyncio.sleep(0.05)
        await until(lambda: seen == [2])


async def at(engines: Engines, position: int, consumer: str = "test.remember") -> bool:
    return await offset_of(engines, consumer) == position
