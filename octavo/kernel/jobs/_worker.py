"""The worker: runs the jobs of some queues under one lease, and gives back what it has not finished when it stops."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from octavo.kernel import clock
from octavo.kernel.events import wake
from octavo.kernel.jobs import _claims as claims
from octavo.kernel.jobs._execution import Execution
from octavo.kernel.jobs._job import Job
from octavo.kernel.jobs._lease import Lease
from octavo.kernel.jobs._metrics import RUNNING, JobMetrics
from octavo.kernel.jobs._outcomes import TROUBLE, Outcomes, settle_within
from octavo.kernel.jobs._queue import Queue
from octavo.kernel.jobs.actions import CANCELLED, topic_of

if TYPE_CHECKING:
    from octavo.kernel.context import Engines

# Parts of the 8 seconds in which a worker must be gone, besides the setting `shutdown_seconds` (4 unless changed).
CLAIMS_END, HANDLERS_END, OUTCOMES_END, LEASE_ENDS = 1.0, 0.5, 0.75, 1.0
LONG_ENOUGH_TO_CHECK = 0.5  # seconds; quicker runs are over before anybody could cancel them

log = logging.getLogger("octavo.jobs")


class Worker:
    def __init__(
        self,
        engines: Engines,
        jobs: Sequence[Job],
        queues: Sequence[str],
        concurrency: Mapping[str, int] | None = None,
    ) -> None:
        self.engines = engines
        self.settings = engines.settings.jobs
        self.db = engines.db.main
        self.jobs = {job.name: job for job in jobs if job.takes}
        self.metrics = {job.name: JobMetrics(job.name) for job in jobs}
        self.lease = Lease(self.db, self.settings, queues)
        self.outcomes = Outcomes(self.db)
        self.stopping = False
        slots = concurrency or {}
        self._queues = [Queue(self, name, slots.get(name, self.settings.concurrency)) for name in queues]
        # Claimed are only jobs that this worker knows; newer ones wait for a newer worker.
        self.names = list(self.jobs)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until `stopping` is set; then return within 8 seconds, with unfinished jobs back in the queue."""
        await self._begin(stopping)
        writing = asyncio.create_task(self.outcomes.run(), name="jobs outcomes")
        watching = [
            asyncio.create_task(self._beat(), name="jobs beat"),
            asyncio.create_task(self._hear_cancelled(), name="jobs cancelled"),
        ]
        claiming = [asyncio.create_task(queue.run(), name=f"jobs claims {queue.name}") for queue in self._queues]
        try:
            await stopping.wait()
        finally:
            self.stopping = True
            try:
                await self._stop(claiming)
            finally:
                for task in (writing, *watching, *claiming):
                    task.cancel()
            await asyncio.wait([writing, *watching, *claiming], timeout=0.5)

    async def _begin(self, stopping: asyncio.Event) -> None:
        """Take the lease, however long the database takes to come up."""
        while not stopping.is_set():
            try:
                await self.lease.take()
                return
            except TROUBLE as error:
                log.info("The worker waits for the database: %s", error)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.settings.poll_seconds):
                        await stopping.wait()

    async def _beat(self) -> None:
        """Renew the lease, look after our own runs, and take over from the dead."""
        while True:
            try:
                if not await self.lease.renew():
                    log.warning("Others took this worker for dead: it lost what it was running")
                    for queue_ in self._queues:
                        queue_.lose_all()
                await self._check_runs()
                await self._give_back_forgotten()
                for queue in await self.lease.take_from_dead():
                    wake(topic_of(queue))
                    self._wake(queue)
                for queue_ in self._queues:
                    RUNNING.labels(queue_.name).set(len(queue_.executions))
                await asyncio.sleep(self.settings.heartbeat_seconds)
            except TROUBLE as error:
                log.info("The lease waits for the database: %s", error)
                self.lease.spare_the_late()
                await asyncio.sleep(self.settings.poll_seconds / 4)
            except Exception:
                log.exception("The lease could not be renewed")
                await asyncio.sleep(self.settings.poll_seconds)

    async def _give_back_forgotten(self) -> None:
        """Return what the database says we run and we do not: the answer to a claim was lost on its way."""
        before = clock.now() - timedelta(seconds=self.settings.lease_seconds)
        for job in await claims.held_since(self.db, self.lease.worker_id, before):
            if job.id not in self.outcomes.unwritten and not any(queue.holds(job.id) for queue in self._queues):
                await claims.give_back(self.db, job.queue_shard, job.run_token, [job.id])

    async def _hear_cancelled(self) -> None:
        async with self.engines.signals.waiting(CANCELLED) as woken:
            while True:
                await woken.wait()
                woken.clear()
                with suppress(*TROUBLE):  # the next beat looks again
                    await self._check_runs(younger=True)

    async def _check_runs(self, *, younger: bool = False) -> None:
        """Tell runs whose job was cancelled or taken over."""
        oldest = time.monotonic() - (0 if younger else LONG_ENOUGH_TO_CHECK)
        checked = [e for e in self._executions() if e.since <= oldest and not e.run_.lost.is_set()]
        if not checked:
            return
        ours = await claims.still_ours(self.db, [execution.claimed for execution in checked])
        for execution in checked:
            if execution.claimed.id not in ours and not execution.run_.finished:
                execution.lose()

    async def _stop(self, claiming: Sequence[asyncio.Task[None]]) -> None:
        for queue in self._queues:
            queue.wake()
        for execution in self._executions():
            execution.lose(stopping=True)
        await asyncio.wait(claiming, timeout=CLAIMS_END)
        slots = {task for queue in self._queues for task in queue.tasks}
        if slots:
            await asyncio.wait(slots, timeout=self.settings.shutdown_seconds)
        for execution in self._executions():
            execution.cut_short()
        if slots:
            await asyncio.wait(slots, timeout=HANDLERS_END)
        await settle_within(self.outcomes, OUTCOMES_END)
        try:
            async with asyncio.timeout(LEASE_ENDS):
                for name in await self.lease.end():
                    wake(topic_of(name))
        except (TimeoutError, *TROUBLE) as error:
            log.warning("The jobs could not be given back (%s); others take them when the lease runs out", error)

    def _executions(self) -> list[Execution]:
        return [execution for queue in self._queues for execution in queue.executions.values()]

    def _wake(self, name: str) -> None:
        for queue in self._queues:
            if queue.name == name:
                queue.look_for_suspects()
