"""The relay: every committed event gets one position, in order, from whichever relay is elected."""

import asyncio

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.events import emit
from octavo.kernel.events.actions import relay_batch, remove_seen
from tests.kernel.events.listening import SHARD, Painted, paint, relaying, until


async def positions(engines: Engines) -> list[int | None]:
    return await engines.db.main.column("SELECT position FROM events.outbox /* fanout */ ORDER BY id")


async def test_events_get_positions_in_the_order_of_their_emission(engines: Engines) -> None:
    await paint(engines, 1, 2, 3)
    async with relaying(engines):
        await until(lambda: all_relayed(engines))
    assert await positions(engines) == [1, 2, 3]


async def test_an_event_of_a_transaction_that_falls_was_never_told(engines: Engines) -> None:
    with pytest.raises(ZeroDivisionError):
        async with engines.db.main.transaction() as tx:
            await emit(tx, Painted(n=1), shard=SHARD)
            raise ZeroDivisionError
    assert await positions(engines) == []


async def test_an_event_committed_late_comes_after_those_that_were_relayed_before_it(engines: Engines) -> None:
    async with engines.db.main.transaction() as slow:
        await emit(slow, Painted(n=1), shard=SHARD)
        await paint(engines, 2)
        assert (await relay_batch(engines.db.main, 100)).number == 1
    assert (await relay_batch(engines.db.main, 100)).number == 1
    assert await positions(engines) == [2, 1]


async def test_relays_at_the_same_time_give_no_position_twice(engines: Engines) -> None:
    await paint(engines, *range(200))
    await asyncio.gather(*(relay_batch(engines.db.main, 60) for _ in range(8)))
    while (await relay_batch(engines.db.main, 60)).number:
        pass
    given = await positions(engines)
    assert None not in given
    assert len(set(given)) == 200


async def test_one_of_two_relays_is_elected_and_the_other_takes_over(engines: Engines) -> None:
    async with relaying(engines):
        async with relaying(engines):
            await paint(engines, 1)
            await until(lambda: all_relayed(engines))
        await paint(engines, 2)
        await until(lambda: all_relayed(engines))
    assert await positions(engines) == [1, 2]


async def test_old_events_that_all_have_seen_are_removed(engines: Engines) -> None:
    db = engines.db.main
    await paint(engines, 1, 2)
    await relay_batch(db, 10)
    await db.execute("INSERT INTO events.consumer (name, position, seen_at) VALUES ('slow', 1, $1)", now())
    long_ago = now().replace(year=2000)
    assert await remove_seen(db, seen_before=long_ago, any_before=long_ago) == 0
    assert await remove_seen(db, seen_before=now(), any_before=long_ago) == 1
    assert await positions(engines) == [2]
    assert await remove_seen(db, seen_before=now(), any_before=now()) == 1


async def all_relayed(engines: Engines) -> bool:
    return None not in await positions(engines)
