"""A line to one database: a direct connection that listens and notifies, and connects again when it is lost."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from octavo.kernel.db import Database
from octavo.kernel.events._wakes import CHANNEL

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
SEND_TIMEOUT = 2.0

log = logging.getLogger("octavo.events")


class Line:
    """`heard` gets every payload, and None after a gap in which payloads may have been lost."""

    def __init__(self, db: Database, heard: Callable[[str | None], None]) -> None:
        self._db = db
        self._heard = heard
        self._connection: asyncpg.Connection | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Returns once it listens, or at once when the database is not answering; then it keeps trying."""
        lost = await self._connect()
        self._task = asyncio.create_task(self._keep(lost))

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._drop()

    async def send(self, payload: str) -> None:
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload, timeout=SEND_TIMEOUT)

    async def _keep(self, lost: asyncio.Event | None) -> None:
        pause = FIRST_PAUSE
        while True:
            if lost is not None:
                await lost.wait()
                pause = FIRST_PAUSE
            self._drop()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            lost = await self._connect()
            if lost is not None:
                self._heard(None)

    async def _connect(self) -> asyncio.Event | None:
        """Listen on a new connection. Returns the event that is set when it is lost; None if none can be had."""
        lost = asyncio.Event()
        try:
            connection = await self._db.direct()
            try:
                connection.add_termination_listener(lambda _: lost.set())
                await connection.add_listener(CHANNEL, lambda _c, _pid, _channel, payload: self._heard(str(payload)))
            except BaseException:
                connection.terminate()
                raise
        except Exception as error:  # also what asyncpg says of a farewell that it did not expect
            log.info("No line to the database yet: %s", error)
            return None
        self._connection = connection  # only now: it takes one statement at a time
        return lost

    def _drop(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            self._connection.terminate()
        self._connection = None
