"""One queue in one worker: claims as much as it can soon run, and runs it in so many slots."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.kernel import clock
from octavo.kernel.jobs import _claims as claims
from octavo.kernel.jobs._execution import Execution
from octavo.kernel.jobs._outcomes import TROUBLE
from octavo.kernel.jobs.actions import topic_of
from octavo.kernel.jobs.rows import ClaimedJob

if TYPE_CHECKING:
    from octavo.kernel.jobs._worker import Worker

QUICK = 0.1  # seconds in which a batch must have gone through for the next one to be larger
STALE = 0.5  # seconds after which what waits here in vain goes back, for others to take
TURN = 0.005  # seconds after which a slot lets the rest of the process have its turn

log = logging.getLogger("octavo.jobs")


class Queue:
    def __init__(self, worker: Worker, name: str, slots: int) -> None:
        self.name = name
        self.executions: dict[UUID, Execution] = {}
        self._worker = worker
        self._slots = slots
        self._tasks: set[asyncio.Task[None]] = set()
        self._buffer: deque[ClaimedJob] = deque()
        self._claimed_at = 0.0
        self._batch = slots
        self._hungry = True
        self._suspects_at = 0.0
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Claim and run until the worker stops. What was claimed then is the worker's to give back."""
        async with self._worker.engines.signals.waiting(topic_of(self.name)) as self._woken:
            while not self._worker.stopping:
                self._woken.clear()
                try:
                    await self._fill()
                except TROUBLE as error:
                    log.info("Queue %s waits for the database: %s", self.name, error)
                    await asyncio.sleep(self._worker.settings.poll_seconds / 4)
                except Exception:
                    log.exception("Queue %s could not claim jobs", self.name)
                    await asyncio.sleep(self._worker.settings.poll_seconds)
                if not (self._hungry and self._room()):
                    await self._wait()

    def wake(self) -> None:
        self._woken.set()

    def look_for_suspects(self) -> None:
        self._suspects_at = 0.0
        self._woken.set()

    def holds(self, job_id: UUID) -> bool:
        return job_id in self.executions or any(claimed.id == job_id for claimed in self._buffer)

    def lose_all(self) -> None:
        """Others have what was ours: forget what has not begun, and tell what has."""
        self._buffer.clear()
        for execution in self.executions.values():
            execution.lose()

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        return self._tasks

    def _room(self) -> int:
        """How many to claim now. Quick jobs come in batches, and the next one when half of the last is gone."""
        held = len(self._buffer) + len(self.executions)
        if self._batch <= self._slots:
            return self._slots - held
        return self._batch - held if held <= self._batch // 2 else 0

    async def _fill(self) -> None:
        await self._claim_suspect()
        self._judge_batch()
        room = self._room()
        if room <= 0:
            self._hungry = True
            return
        claimed = await self._claim(room)
        self._hungry = len(claimed) == room
        self._take(claimed)

    async def _claim_suspect(self) -> None:
        """One suspect at a time in each worker: if it ends the process again, it ends no other suspect with it."""
        now = asyncio.get_running_loop().time()
        busy = len(self._buffer) + len(self.executions) >= self._slots
        if now < self._suspects_at or busy or any(e.claimed.suspect for e in self.executions.values()):
            return
        self._suspects_at = now + self._worker.settings.poll_seconds
        self._take(await self._claim(1, suspect=True))

    async def _claim(self, most: int, *, suspect: bool = False) -> list[ClaimedJob]:
        return await claims.claim(
            self._worker.db,
            self.name,
            self._worker.names,
            most,
            worker_id=self._worker.lease.worker_id,
            now=clock.now(),
            suspect=suspect,
        )

    def _judge_batch(self) -> None:
        """Grow the batch while jobs are quick. Shrink it to the slots, and give back the rest, when they are not."""
        waited = asyncio.get_running_loop().time() - self._claimed_at
        if not self._buffer:
            if self._hungry and waited < QUICK:
                self._batch = min(2 * self._batch, max(self._worker.settings.batch, self._slots))
        elif waited > STALE:
            self._batch = self._slots
            while self._buffer:
                self._worker.outcomes.give_back(self._buffer.popleft())

    def _take(self, claimed: list[ClaimedJob]) -> None:
        if claimed:
            self._claimed_at = asyncio.get_running_loop().time()
        self._buffer.extend(claimed)
        alive = sum(not task.done() for task in self._tasks)
        for _ in range(min(len(self._buffer), self._slots - alive)):
            task = asyncio.create_task(self._work_off(), name=f"jobs {self.name}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work_off(self) -> None:
        """A slot: run what is claimed, one after the other, until there is nothing left."""
        loop = asyncio.get_running_loop()
        turn_began = loop.time()
        while self._buffer and not self._worker.stopping:
            execution = Execution(self._worker, self._buffer.popleft())
            self.executions[execution.claimed.id] = execution
            try:
                await execution.run()
            finally:
                del self.executions[execution.claimed.id]
                self._after(execution)
            if loop.time() - turn_began > TURN:
                await asyncio.sleep(0)
                turn_began = loop.time()

    def _after(self, execution: Execution) -> None:
        if execution.claimed.suspect:
            self.look_for_suspects()
        elif self._hungry and self._room() > 0:
            self._woken.set()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._worker.settings.poll_seconds):
                await self._woken.wait()
