"""Signals: live news for pages, in every process, and after the connection was lost."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from types import SimpleNamespace
from uuid import uuid4

import asyncpg
import pytest

from octavo.kernel.context import Engines
from octavo.kernel.db import Database, Queryable
from octavo.kernel.events import Signals, _wakes, queries, wake_after
from octavo.kernel.events._line import Line
from octavo.kernel.events._wakes import WakeSender
from octavo.settings import Settings
from tests.kernel.events.listening import SHARD, paint, relaying, until


async def test_a_watcher_hears_events_from_then_on(engines: Engines) -> None:
    await paint(engines, 1)
    async with relaying(engines), engines.signals.watch("test.painted") as changes:
        await paint(engines, 2)
        heard = await asyncio.wait_for(anext(changes), 60)
        assert heard["colour"] == "blue"
        while heard["n"] != 2:  # the first may have been relayed only now
            heard = await asyncio.wait_for(anext(changes), 60)


async def test_a_watcher_of_one_shard_hears_nothing_of_others(engines: Engines) -> None:
    async with relaying(engines), engines.signals.watch("test.painted", shard=SHARD) as changes:
        await paint(engines, 1, shard=uuid4())
        await paint(engines, 2)
        assert (await asyncio.wait_for(anext(changes), 60))["n"] == 2


async def test_a_second_watcher_takes_nothing_from_the_first(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both begin while nobody watches, and the second is slow to learn where the events stand."""
    looks, relayed, both_watch = count(), asyncio.Event(), asyncio.Event()

    async def head(db: Queryable) -> int:
        look = next(looks)
        if look == 1:
            await relayed.wait()
        elif look > 1:
            await both_watch.wait()
        return await queries.head(db)

    slow = SimpleNamespace(head=head, events_between=queries.events_between)
    monkeypatch.setattr("octavo.kernel.events._feed.queries", slow)
    async with relaying(engines), AsyncExitStack() as stack:
        watches = [engines.signals.watch("test.painted") for _ in range(2)]
        first, second = (asyncio.create_task(stack.enter_async_context(watch)) for watch in watches)
        changes = await first
        await paint(engines, 1)
        await until(lambda: is_relayed(engines))
        relayed.set()
        await second
        both_watch.set()
        assert (await asyncio.wait_for(anext(changes), 60))["n"] == 1


async def is_relayed(engines: Engines) -> bool:
    return await queries.head(engines.db.main) == 1


async def test_another_process_hears_it_too(engines: Engines, settings: Settings) -> None:
    db = await Database.open(engines.db.main.url, settings.db, application="test")
    other = Signals(db)
    await other.start()
    async with relaying(engines), other.watch("test.painted") as changes:
        await paint(engines, 5)
        assert (await asyncio.wait_for(anext(changes), 60))["n"] == 5
    await other.stop()
    await db.close()


async def test_a_slow_reader_misses_the_oldest_and_holds_up_nobody(engines: Engines) -> None:
    async with relaying(engines), engines.signals.watch("test.painted") as slow:
        async with engines.signals.watch("test.painted") as quick:
            await paint(engines, *range(200))
            heard = -1
            while heard != 199:
                heard = (await asyncio.wait_for(anext(quick), 60))["n"]
        assert (await anext(slow))["n"] == 200 - 64


async def test_watches_end_when_the_process_stops(engines: Engines) -> None:
    signals = Signals(engines.db.main)
    await signals.start()
    async with signals.watch("test.painted") as changes:
        following = asyncio.create_task(anext(changes, None))
        await asyncio.sleep(0)
        await signals.stop()
        assert await asyncio.wait_for(following, 60) is None


async def test_wake_ups_of_a_burst_are_sent_together(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_wakes, "INTERVAL", 0.5)  # in which a slow machine keeps several transactions, too
    listener = await engines.db.main.direct()
    payloads: list[str] = []
    await listener.add_listener("octavo", lambda *heard: payloads.append(heard[-1]))
    for number in range(50):
        async with engines.db.main.transaction() as tx:
            wake_after(tx, f"topic-{number % 5}")
    await until(lambda: len({word for payload in payloads for word in payload.split()[1:]}) == 5)
    await listener.close()
    assert len(payloads) < 40  # one per interval at most, however many transactions


async def test_a_topic_noted_while_a_send_fails_is_heard_and_sent(engines: Engines) -> None:
    sending, fails = asyncio.Event(), asyncio.Event()
    heard: list[str] = []
    sent: list[str] = []

    async def send(payload: str) -> None:
        sending.set()
        await fails.wait()
        if not sent:
            sent.append("")
            raise TimeoutError
        sent.append(payload.split()[-1])

    sender = WakeSender(send, heard.extend)
    sender.note("first")
    await sending.wait()
    sender.note("second")
    fails.set()
    await until(lambda: "second" in sent)
    assert heard == ["first", "second"]
    sender.close()


async def test_a_line_that_breaks_while_it_begins_to_listen_is_opened_again(engines: Engines) -> None:
    """With an error of asyncpg's own, and with something to send just then."""
    heard: list[str | None] = []
    line = Line(engines.db.main, heard.append)
    direct = engines.db.main.direct
    opened: list[asyncpg.Connection] = []

    async def breaks(*_: object) -> None:
        await line.send("while it begins")
        raise asyncpg.InternalClientError("got result for unknown protocol state 3")

    async def direct_but_broken_at_first() -> object:
        connection = await direct()
        opened.append(connection)
        if len(opened) > 1:
            return connection
        usual = ("add_termination_listener", "terminate", "is_closed", "execute")
        return SimpleNamespace(add_listener=breaks, **{name: getattr(connection, name) for name in usual})

    line._db = SimpleNamespace(direct=direct_but_broken_at_first)  # type: ignore[assignment]
    await line.open()
    await until(lambda: None in heard)
    await line.send("words")
    await until(lambda: "words" in heard)
    assert opened[0].is_closed()
    await line.close()


async def test_every_topic_of_a_large_burst_is_sent(engines: Engines) -> None:
    listener = await engines.db.main.direct()
    heard: set[str] = set()
    await listener.add_listener("octavo", lambda *notification: heard.update(str(notification[-1]).split()[1:]))
    topics = {f"topic-{number:03}-{'x' * 80}" for number in range(200)}
    async with engines.db.main.transaction() as tx:
        for topic in topics:
            wake_after(tx, topic)
    await until(lambda: heard >= topics)
    await listener.close()


async def test_a_lost_line_is_opened_again(engines: Engines) -> None:
    async with relaying(engines), engines.signals.watch("test.painted") as changes:
        await engines.db.main.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE '%LISTEN%'
            """
        )
        await paint(engines, 9)
        assert (await asyncio.wait_for(anext(changes), 60))["n"] == 9
        async with engines.signals.waiting("topic") as woken:
            while not woken.is_set():
                async with engines.db.main.transaction() as tx:
                    wake_after(tx, "topic")
                await asyncio.sleep(0.05)
