"""The relay: elected by an advisory lock, it gives events their positions; beside it, this process's consumers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from octavo.kernel import clock
from octavo.kernel.db import Database
from octavo.kernel.events import actions, queries
from octavo.kernel.events._consumer import Consumer
from octavo.kernel.events._delivery import Delivery
from octavo.kernel.events._metrics import RELAY_LAG, RELAYED
from octavo.kernel.events._wakes import EVENTS, OUTBOX, wake
from octavo.kernel.refusals import Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

RELAY_LOCK = 0x0C7A_0001  # any number, as long as every process has the same
CLEANUP_SECONDS = 10.0
PAUSE_AFTER_TROUBLE = 0.5

log = logging.getLogger("octavo.events")


class Relay:
    """Runs in every worker process: one of them relays, all of them deliver to the consumers."""

    def __init__(self, engines: Engines, consumers: Sequence[Consumer] = ()) -> None:
        self._engines = engines
        self._consumers = consumers

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping` is set. What is under way then is rolled back, and done by whoever comes next."""
        db = self._engines.db
        distinct = {one.url: one for one in (db.main, db.user, db.ledger)}.values()
        work = [asyncio.create_task(_OneDatabase(self._engines, one, self._consumers).run()) for one in distinct]
        ended = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait([ended, *work], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (ended, *work):
                task.cancel()
            await asyncio.gather(ended, *work, return_exceptions=True)


class _OneDatabase:
    def __init__(self, engines: Engines, db: Database, consumers: Sequence[Consumer]) -> None:
        self._engines = engines
        self._settings = engines.settings.events
        self._db = db
        self._deliveries = [Delivery(engines, db, consumer) for consumer in consumers]
        self._seen = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for delivery in self._deliveries:
                group.create_task(delivery.run())
            group.create_task(_for_ever("relaying", self._be_elected))
            group.create_task(_for_ever("waking consumers", self._wake_consumers))
            group.create_task(_for_ever("cleaning up", self._clean_up))

    async def _be_elected(self) -> None:
        """Hold the lock on a connection of our own and relay as long as that lives."""
        connection = await self._db.direct()
        try:
            async with self._engines.signals.waiting(OUTBOX) as woken:
                while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK):
                    woken.clear()
                    await _woken_within(woken, self._settings.poll_seconds)
                while not connection.is_closed():
                    woken.clear()
                    await self._relay_all()
                    await _woken_within(woken, self._settings.poll_seconds)
        finally:
            connection.terminate()

    async def _relay_all(self) -> None:
        number = self._settings.batch
        while number == self._settings.batch:
            relayed = await actions.relay_batch(self._db, self._settings.batch)
            number = relayed.number
            if number:
                wake(EVENTS)
                RELAYED.inc(number)
            RELAY_LAG.set((clock.now() - relayed.oldest).total_seconds() if relayed.oldest else 0)

    async def _wake_consumers(self) -> None:
        """Wake only the consumers of what has happened, so that the others cost nothing."""
        for delivery in self._deliveries:
            await actions.register_consumer(self._db, delivery.consumer.name, clock.now())
            delivery.woken.set()
        async with self._engines.signals.waiting(EVENTS) as woken:
            while True:
                woken.clear()
                to = await queries.head(self._db)
                if to > self._seen:
                    names = await queries.names_between(self._db, self._seen, to)
                    self._seen = to
                    for delivery in self._deliveries:
                        if delivery.consumer.on in names:
                            delivery.woken.set()
                await _woken_within(woken, self._settings.poll_seconds)

    async def _clean_up(self) -> None:
        """Remove what all have seen; any process may do it, a batch at a time."""
        while True:
            await asyncio.sleep(CLEANUP_SECONDS)
            now = clock.now()
            head = await queries.head(self._db)
            to_retry = await queries.consumers_to_retry(self._db)
            for delivery in self._deliveries:
                consumer = delivery.consumer
                await actions.register_consumer(self._db, consumer.name, now)
                await actions.skip_uninteresting(self._db, consumer.name, consumer.on, head)
                if consumer.name in to_retry:
                    delivery.retry_parked = True
                    delivery.woken.set()
            removed = actions.REMOVED_AT_A_TIME
            while removed == actions.REMOVED_AT_A_TIME:
                removed = await actions.remove_seen(
                    self._db,
                    seen_before=now - timedelta(hours=self._settings.keep_hours),
                    any_before=now - timedelta(days=self._settings.keep_days_unseen),
                )


async def _woken_within(woken: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()


async def _for_ever(what: str, work: Callable[[], Awaitable[None]]) -> None:
    """Begin again after trouble: a database that restarts must not end the process."""
    while True:
        try:
            await work()
        except (Unavailable, OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError) as error:
            log.info("%s waits for the database: %s", what, error)
        except Exception:
            log.exception("%s failed and begins again", what)
        await asyncio.sleep(PAUSE_AFTER_TROUBLE)
