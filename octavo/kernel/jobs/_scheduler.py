"""The scheduler: enqueues what is due and never runs it; beside that, it keeps the dead few and the metrics fresh."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from octavo.kernel import clock
from octavo.kernel.jobs import queries
from octavo.kernel.jobs._job import Schedule
from octavo.kernel.jobs._metrics import DEAD, WAITING
from octavo.kernel.jobs._outcomes import TROUBLE
from octavo.kernel.jobs._shards import QUEUE_SHARDS
from octavo.kernel.jobs.actions import enqueue

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

HOUSEKEEPING_SECONDS = 15.0
CLOCKS_DIFFER = timedelta(seconds=5)  # at most, between the machines that look at one schedule

log = logging.getLogger("octavo.jobs")


class _Next(msgspec.Struct, frozen=True):
    name: str
    next_at: datetime


class Scheduler:
    """Any number of processes may run one: each occasion is enqueued once, by whoever moves its row on first."""

    def __init__(self, engines: Engines, schedules: Sequence[Schedule]) -> None:
        self._settings = engines.settings.jobs
        self._db = engines.db.main
        self._schedules = schedules
        self._queues_seen: set[str] = set()

    async def run(self, stopping: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        housekeeping_at = loop.time()
        while not stopping.is_set():
            try:
                await self._enqueue_due()
                if loop.time() >= housekeeping_at:
                    housekeeping_at = loop.time() + HOUSEKEEPING_SECONDS
                    await self._keep_house()
            except TROUBLE as error:
                log.info("Schedules wait for the database: %s", error)
            except Exception:
                log.exception("Schedules could not be looked at")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.poll_seconds):
                    await stopping.wait()

    async def _enqueue_due(self) -> None:
        if not self._schedules:
            return
        now = clock.now()
        rows = await self._db.fetch(_Next, "SELECT name, next_at FROM jobs.schedule")
        planned = {row.name: row.next_at for row in rows}
        for schedule in self._schedules:
            at = planned.get(schedule.name)
            # Too far away: the interval was shortened since.
            if at is None or at <= now or at > now + schedule.every + CLOCKS_DIFFER:
                await self._enqueue(schedule, now)

    async def _enqueue(self, schedule: Schedule, now: datetime) -> None:
        async with self._db.transaction() as tx:
            moved = await tx.execute(
                """
                INSERT INTO jobs.schedule (name, next_at) VALUES ($1, $3)
                ON CONFLICT (name) DO UPDATE SET next_at = $3
                WHERE schedule.next_at <= $2 OR schedule.next_at > $4
                """,
                schedule.name,
                now,
                now + schedule.every,
                now + schedule.every + CLOCKS_DIFFER,
            )
            if moved:
                await enqueue(tx, schedule.job, schedule.args, key=f"schedule:{schedule.name}")

    async def _keep_house(self) -> None:
        for shard in QUEUE_SHARDS:
            await self._db.execute(
                """
                DELETE FROM jobs.job WHERE queue_shard = $1 AND state = 'dead' AND started_at < greatest($2, (
                    SELECT min(started_at) FROM (
                        SELECT started_at FROM jobs.job WHERE queue_shard = $1 AND state = 'dead'
                        ORDER BY started_at DESC LIMIT $3
                    ) AS newest
                ))
                """,
                shard,
                clock.now() - timedelta(days=self._settings.dead_days),
                self._settings.dead_kept,
            )
        depths = {depth.queue: depth for depth in await queries.queue_depths(self._db, clock.now())}
        self._queues_seen |= depths.keys()
        for queue in self._queues_seen:
            depth = depths.get(queue)
            WAITING.labels(queue).set(depth.waiting if depth else 0)
            DEAD.labels(queue).set(depth.dead if depth else 0)
