"""What became of the runs, written to the database together: while one write is under way, the next one gathers."""

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import asyncpg

from octavo.kernel import clock
from octavo.kernel.db import Database
from octavo.kernel.jobs import _claims as claims
from octavo.kernel.jobs._job import Backoff
from octavo.kernel.jobs.rows import ClaimedJob
from octavo.kernel.refusals import StorageFull, Unavailable

PAUSE_WITHOUT_DATABASE = 0.25
TROUBLE = (Unavailable, StorageFull, OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)

log = logging.getLogger("octavo.jobs")

_Batch = tuple[UUID, UUID]  # shard and token: one claim


class Outcomes:
    """Nothing is forgotten while the database is away: it is written when that is back, where the token still fits."""

    def __init__(self, db: Database) -> None:
        self.unwritten: set[UUID] = set()
        self._db = db
        self._done: defaultdict[_Batch, list[UUID]] = defaultdict(list)
        self._back: defaultdict[_Batch, list[UUID]] = defaultdict(list)
        self._failed: list[tuple[ClaimedJob, float | None, str]] = []
        self._news = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()

    def done(self, job: ClaimedJob) -> None:
        self._done[job.queue_shard, job.run_token].append(job.id)
        self._tell(job)

    def give_back(self, job: ClaimedJob) -> None:
        self._back[job.queue_shard, job.run_token].append(job.id)
        self._tell(job)

    def failed(self, job: ClaimedJob, error: str, backoff: Backoff | None) -> str:
        """Retry after the backoff, or bury it without one. Returns what was decided."""
        wait = backoff.seconds(job.starts) if backoff and job.starts < job.max_starts else None
        self._failed.append((job, wait, error))
        self._tell(job)
        return "dead" if wait is None else "retried"

    async def settle(self) -> None:
        """Returns when all that was told is written."""
        await self._written.wait()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                while self._done or self._back or self._failed:
                    await self._write()
                self._written.set()
            except TROUBLE as error:
                log.info("Outcomes of jobs wait for the database: %s", error)
                await asyncio.sleep(PAUSE_WITHOUT_DATABASE)
                self._news.set()
            except Exception:
                log.exception("Outcomes of jobs could not be written; trying again")
                await asyncio.sleep(PAUSE_WITHOUT_DATABASE)
                self._news.set()

    async def _write(self) -> None:
        done, self._done = self._done, defaultdict(list)
        back, self._back = self._back, defaultdict(list)
        failed, self._failed = self._failed, []
        try:
            while done:
                (shard, token), ids = next(iter(done.items()))
                await claims.complete(self._db, shard, token, ids)
                self.unwritten.difference_update(done.pop((shard, token)))
            while back:
                (shard, token), ids = next(iter(back.items()))
                await claims.give_back(self._db, shard, token, ids)
                self.unwritten.difference_update(back.pop((shard, token)))
            while failed:
                await self._write_failure(*failed[0])
                self.unwritten.discard(failed.pop(0)[0].id)
        finally:
            self._take_up_again(done, back, failed)

    async def _write_failure(self, job: ClaimedJob, wait: float | None, error: str) -> None:
        if wait is None:
            await claims.bury(self._db, job, error)
        else:
            await claims.retry(self._db, job, clock.now() + timedelta(seconds=wait), error)

    def _take_up_again(
        self,
        done: dict[_Batch, list[UUID]],
        back: dict[_Batch, list[UUID]],
        failed: list[tuple[ClaimedJob, float | None, str]],
    ) -> None:
        for batch, ids in done.items():
            self._done[batch] += ids
        for batch, ids in back.items():
            self._back[batch] += ids
        self._failed = failed + self._failed

    def _tell(self, job: ClaimedJob) -> None:
        self.unwritten.add(job.id)
        self._written.clear()
        self._news.set()


async def settle_within(outcomes: Outcomes, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await outcomes.settle()
