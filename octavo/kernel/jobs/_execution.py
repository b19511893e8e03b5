"""The execution of one claimed job, from its arguments to its outcome."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import msgspec

from octavo.kernel import clock
from octavo.kernel.jobs._job import GiveUp, LeaseLost
from octavo.kernel.jobs._run import Run
from octavo.kernel.jobs.rows import ClaimedJob

if TYPE_CHECKING:
    from octavo.kernel.jobs._worker import Worker

# Work that took all its time will take it again: a busy machine deserves one more try, and not one per crash.
STARTS_OUT_OF_TIME = 2

log = logging.getLogger("octavo.jobs")


class Execution:
    __slots__ = ("_cut_short", "_task", "_worker", "claimed", "run_", "since")

    def __init__(self, worker: Worker, claimed: ClaimedJob) -> None:
        self.claimed = claimed
        self.since = time.monotonic()
        self.run_ = Run(claimed, worker.engines.context(clock.now(), request_id=claimed.id.hex))
        self._worker = worker
        self._task: asyncio.Task[None] | None = None
        self._cut_short = False

    async def run(self) -> None:
        """Run the handler and report the outcome. Raises only when the slot itself is cancelled."""
        self._task = asyncio.current_task()
        job = self._worker.jobs[self.claimed.name]
        metrics = self._worker.metrics[self.claimed.name]
        metrics.started.inc()
        began = time.perf_counter()
        try:
            limit = asyncio.timeout(job.timeout)
            async with limit:
                await job.handler(self.run_, msgspec.convert(self.claimed.args, job.takes))
            outcome = self._returned()
        except asyncio.CancelledError as error:
            outcome = self._cancelled(error)
        except GiveUp as error:
            outcome = self._worker.outcomes.failed(self.claimed, str(error), None)
        except Exception as error:
            told = f"It took longer than {job.timeout:g} seconds." if limit.expired() else _told(error)
            outcome = self._raised(error, told, hopeless=limit.expired() and self.claimed.starts >= STARTS_OUT_OF_TIME)
        metrics.seconds.observe(time.perf_counter() - began)
        metrics.ended(outcome)

    def lose(self, *, stopping: bool = False) -> None:
        """Tell the handler to end. `stopping`: the lease is still ours, so the job can be given back in order."""
        self.run_.stopping = stopping
        self.run_.lost.set()

    def cut_short(self) -> None:
        """End a handler that has not ended by itself."""
        self._cut_short = True
        if self._task:
            self._task.cancel()

    def _returned(self) -> str:
        if self.run_.finished:
            return "done"
        # A lost lease makes this write nothing, because the token has changed.
        self._worker.outcomes.done(self.claimed)
        return "done"

    def _cancelled(self, error: asyncio.CancelledError) -> str:
        if self._cut_short and self._task:
            self._task.uncancel()
            return self._ended_early()
        if self._task and self._task.cancelling():
            self._ended_early()
            raise error  # the slot itself is to end
        return self._raised(error, "Something that it waited for was cancelled.")

    def _raised(self, error: BaseException, told: str, *, hopeless: bool = False) -> str:
        if self.run_.finished:
            log.warning("%s %s failed after it had finished", self.claimed.name, self.claimed.id, exc_info=error)
            return "done"
        if self.run_.lost.is_set():
            return self._ended_early()
        if isinstance(error, LeaseLost):
            return "lost"
        job = self._worker.jobs[self.claimed.name]
        outcome = self._worker.outcomes.failed(self.claimed, told, None if hopeless else job.retry)
        log.warning("%s %s: %s", self.claimed.name, self.claimed.id, outcome, exc_info=error)
        return outcome

    def _ended_early(self) -> str:
        if not self.run_.stopping:
            return "lost"
        self._worker.outcomes.give_back(self.claimed)
        return "given_back"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
