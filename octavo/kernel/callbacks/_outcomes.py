"""What became of the rounds, written together: while one write is under way, the next one gathers."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.kernel import clock
from octavo.kernel.callbacks import _statements as statements
from octavo.kernel.callbacks._attempt import Round
from octavo.kernel.callbacks._destinations import Line
from octavo.kernel.callbacks._metrics import DELIVERED, FAILED, RETRIED
from octavo.kernel.callbacks._sender import sender_of
from octavo.kernel.callbacks._statements import Setback
from octavo.kernel.callbacks.rows import Delivery
from octavo.kernel.db import Transaction
from octavo.kernel.refusals import Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

GATHER_SECONDS = 0.004
PAUSE_SECONDS = 0.5  # where the database is away

log = logging.getLogger("octavo.callbacks")


class Outcomes:
    """Nothing is forgotten while the database is away. After each write `written` is told what is not in hand."""

    def __init__(self, engines: "Engines", written: Callable[[set[UUID]], None]) -> None:
        self._engines = engines
        self._db = engines.db.main
        self._settings = engines.settings.callbacks
        self._written = written
        self._done: list[tuple[Delivery, Round]] = []
        self._back: list[tuple[Line, list[Delivery], datetime]] = []
        self._news = asyncio.Event()
        self._writing = asyncio.Lock()

    def put(self, one: Delivery, round_: Round) -> None:
        self._done.append((one, round_))
        self._news.set()

    def put_back(self, line: Line, some: list[Delivery], until: datetime) -> None:
        """Callbacks to a server that rests until then."""
        self._back.append((line, some, until))
        self._news.set()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(GATHER_SECONDS)
            try:
                await self.write()
            except Unavailable as refusal:
                log.info("Outcomes of callbacks wait for the database: %s", refusal)
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception:
                log.exception("Outcomes of callbacks could not be written; trying again")
                await asyncio.sleep(PAUSE_SECONDS)

    async def write(self) -> None:
        """Write all that is here. What cannot be written now is kept, and the error raised."""
        async with self._writing:
            self._news.clear()
            done, self._done = self._done, []
            back, self._back = self._back, []
            try:
                if done:
                    await self._settle(done)
                for line, some, until in back:
                    await statements.give_back(self._db, some, until)
                    await statements.postpone(self._db, line, until)
            except Exception:
                # A second write of the same finds nothing that is still ours.
                self._done, self._back = done + self._done, back + self._back
                self._news.set()
                raise
        self._written({one.id for one, _ in done} | {one.id for _, some, _ in back for one in some})

    async def _settle(self, done: list[tuple[Delivery, Round]]) -> None:
        try:
            await self._settle_together(done)
        except Unavailable:
            raise
        except Exception:
            log.exception("Outcomes of %d callbacks could not be written together", len(done))
            for one, round_ in done:
                await self._settle_alone(one, round_)

    async def _settle_alone(self, one: Delivery, round_: Round) -> None:
        """Whichever of them it is, the others are not sent again for it, and it ends one day."""
        try:
            await self._settle_together([(one, round_)])
        except Unavailable:
            raise
        except Exception:
            log.exception("The outcome of the callback %s could not be written: it counts as a failed round", one.id)
            await statements.set_aside(self._db, one, clock.now(), self._settings)

    async def _settle_together(self, done: Sequence[tuple[Delivery, Round]]) -> None:
        now = clock.now()
        good = [(one, round_) for one, round_ in done if round_.answer is not None]
        bad = [statements.setback(one, round_, now, self._settings) for one, round_ in done if round_.answer is None]
        wrong = [(one, attempt) for one, round_ in done for attempt in round_.wrong]
        if wrong or bad:
            async with self._db.transaction() as tx:
                await statements.note_wrong(tx, wrong)
                await self._note_setbacks(tx, bad, now)
                await self._note_saved(tx, good, now)
        await statements.delivered(self._db, self._engines.settings, good, now)
        _count(len(good), bad)

    async def _note_setbacks(self, tx: Transaction, bad: Sequence[Setback], now: datetime) -> None:
        ours = await statements.failed(tx, bad, now)
        for one in bad:
            failed = sender_of(one.delivery.kind).failed
            if failed is not None and one.round_.wrong and one.delivery.id in ours:
                last = one.round_.wrong[-1]
                await failed(self._engines.context(now), tx, one.delivery, last, one.is_last)

    async def _note_saved(self, tx: Transaction, good: Sequence[tuple[Delivery, Round]], now: datetime) -> None:
        for one, round_ in good:
            failed = sender_of(one.kind).failed
            if failed is not None and round_.saved_from is not None:
                await failed(self._engines.context(now), tx, one, round_.saved_from, False)


def _count(delivered: int, bad: Sequence[Setback]) -> None:
    DELIVERED.inc(delivered)
    for setback in bad:
        (FAILED if setback.is_last else RETRIED).inc()
