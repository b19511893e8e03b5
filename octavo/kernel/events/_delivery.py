"""Delivery: one consumer on one database, batch by batch, each batch in the transaction that moves the offset."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from octavo.kernel import clock
from octavo.kernel.db import Database, Transaction
from octavo.kernel.events import actions, queries
from octavo.kernel.events._consumer import Consumer
from octavo.kernel.events._metrics import CONSUMER_LAG, DELIVERED, FAILED, PARKED
from octavo.kernel.events.rows import Offset, ParkedBody, RelayedEvent
from octavo.kernel.refusals import Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0

log = logging.getLogger("octavo.events")


class Delivery:
    def __init__(self, engines: Engines, db: Database, consumer: Consumer) -> None:
        self.consumer = consumer
        self.woken = asyncio.Event()
        self.retry_parked = True
        self._engines = engines
        self._settings = engines.settings.events
        self._db = db
        self._most = self._settings.batch
        self._waiting = False

    async def run(self) -> None:
        self.woken.set()
        while True:
            await self._wait()
            try:
                while await self._deliver():
                    pass
                while self.retry_parked:
                    self.retry_parked = await self._retry_one_parked()
            except Unavailable as error:
                self._waiting = True
                log.info("%s waits: %s", self.consumer.name, error)
            except Exception:
                self._waiting = True
                log.exception("%s could not look for events", self.consumer.name)

    async def _wait(self) -> None:
        """Until woken, but only as long as one poll while a try is due or another process holds the offset."""
        try:
            async with asyncio.timeout(self._settings.poll_seconds if self._waiting else None):
                await self.woken.wait()
        except TimeoutError:
            pass
        self.woken.clear()

    async def _deliver(self) -> bool:
        """One batch. True when there may be more at once."""
        given: list[RelayedEvent] = []
        try:
            async with self._db.transaction() as tx:
                offset = await queries.locked_offset(tx, self.consumer.name)
                if offset is None or (offset.retry_at and offset.retry_at > clock.now()):
                    self._waiting = True
                    return False
                to = await queries.head(tx)
                most = 1 if offset.tries else self._most
                events = await queries.events_between(tx, [self.consumer.on], offset.position, to, most)
                for event in events:
                    given.append(event)
                    await self._hand_over(tx, event)
                reached = events[-1].position if len(events) == most else to
                if reached > offset.position:
                    await actions.move_offset(tx, self.consumer.name, reached)
        except Exception as error:
            if not given or offset is None or isinstance(error, Unavailable):
                raise
            return await self._take_failure(given, offset, error)
        self._waiting = False
        self._most = self._settings.batch
        DELIVERED.labels(self.consumer.name).inc(len(events))
        CONSUMER_LAG.labels(self.consumer.name).set(to - reached)
        return reached < to

    async def _hand_over(self, tx: Transaction, event: RelayedEvent | ParkedBody) -> None:
        taken = msgspec.convert(event.body, self.consumer.takes)
        context = self._engines.context(clock.now(), request_id=event.id.hex)
        await self.consumer.handle(context, tx, taken)

    async def _take_failure(self, given: list[RelayedEvent], offset: Offset, error: Exception) -> bool:
        """First deliver the good ones before the bad one; then try that one again, later each time; then park it."""
        good, bad = given[:-1], given[-1]
        if good:
            self._most = len(good)
            return True
        name = self.consumer.name
        self._waiting = True
        now = clock.now()
        retry_at = now + timedelta(seconds=min(LONGEST_BACKOFF, FIRST_BACKOFF * 2**offset.tries))
        tries = await actions.note_failure(self._db, name, offset.position, retry_at)
        FAILED.labels(name).inc()
        log.warning("%s failed at %s %s (try %d)", name, bad.name, bad.id, tries, exc_info=error)
        if tries < self._settings.tries:
            return False
        async with self._db.transaction() as tx:
            parked = await actions.park(tx, name, bad, _told(error), now)
        if parked:
            PARKED.labels(name).inc()
            log.error("%s: %s %s is parked; the rest goes on", name, bad.name, bad.id)
        return True

    async def _retry_one_parked(self) -> bool:
        """Give the consumer one event that an operator wants tried again. True when there may be more."""
        name = self.consumer.name
        event: ParkedBody | None = None
        try:
            async with self._db.transaction() as tx:
                event = await actions.take_parked(tx, name)
                if event is None:
                    return False
                await self._hand_over(tx, event)
        except Exception as error:
            if event is None or isinstance(error, Unavailable):
                raise
            FAILED.labels(name).inc()
            await actions.park_again(self._db, name, event, _told(error))
        return True


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
