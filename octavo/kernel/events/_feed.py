"""Reading a database's relayed events for the watchers of this process; nothing is read while nobody watches."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from octavo.kernel.db import Database
from octavo.kernel.events import queries
from octavo.kernel.refusals import Refusal

POLL_SECONDS = 1.0
READ_AT_A_TIME = 1000

log = logging.getLogger("octavo.events")


class Feed:
    def __init__(self, db: Database, publish: Callable[[str, UUID, dict[str, Any]], None]) -> None:
        self._db = db
        self._publish = publish
        self._names: set[str] = set()
        self._position = 0
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def follow(self, name: str) -> None:
        """Publish events `name` from now on. Raises Unavailable when the database does not answer."""
        if not self._names:
            position = await queries.head(self._db)
            if not self._names:  # somebody may have begun to follow meanwhile, and must miss nothing
                self._position = position
        self._names.add(name)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, name: str) -> None:
        self._names.discard(name)

    def wake(self) -> None:
        self._woken.set()

    async def close(self) -> None:
        self._names.clear()
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self._names:
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                while self._names and await self._read():
                    pass
            except Refusal as error:
                log.info("Events cannot be read yet: %s", error)
            except Exception:
                log.exception("Events could not be read; trying again")

    async def _read(self) -> bool:
        """Publish one batch. True when there is more."""
        to = await queries.head(self._db)
        if to <= self._position:
            return False
        events = await queries.events_between(self._db, sorted(self._names), self._position, to, READ_AT_A_TIME)
        for event in events:
            self._publish(event.name, event.shard, event.body)
        more = len(events) == READ_AT_A_TIME
        self._position = events[-1].position if more else to
        return more
