"""Watching over one step while ffmpeg runs: stopped when it is in vain, its progress written down now and then."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from octavo.kernel.events import wake_after
from octavo.kernel.jobs import Run
from octavo.kernel.media.asset.rules import topic
from octavo.kernel.media.processing import queries
from octavo.kernel.media.processing.rows import SourceFile
from octavo.kernel.refusals import Unavailable

WRITE_SECONDS = 0.5
SMALLEST_STEP = 0.005


class Watch:
    """`cancelled` is set when the asset has ended or the lease is lost. `report` takes progress from 0 to 1."""

    def __init__(self, run: Run, work: SourceFile, renditions: Sequence[str], n: int | None) -> None:
        self.cancelled = asyncio.Event()
        self._run = run
        self._work = work
        self._renditions = list(renditions)
        self._n = n
        self._done = self._written = 0.0

    def report(self, done: float) -> None:
        self._done = max(self._done, min(1.0, done))

    async def tend(self) -> None:
        db, signals = self._run.ctx.db.main, self._run.ctx.engines.signals
        async with signals.waiting(topic(self._work.asset_id)) as woken:
            lost = asyncio.create_task(self._run.lost.wait())
            try:
                while not self._run.lost.is_set():
                    woken.clear()
                    try:
                        if await queries.generation_of(db, self._work.asset_id) != self._work.generation:
                            break
                        await self._write_progress()
                    except Unavailable:
                        pass  # the step goes on; whether it may publish is asked again then
                    await _first_of(lost, woken, WRITE_SECONDS)
            finally:
                lost.cancel()
        self.cancelled.set()

    async def _write_progress(self) -> None:
        done = self._done
        if self._n is None or done < self._written + SMALLEST_STEP:
            return
        async with self._run.ctx.db.main.transaction() as tx:
            await tx.execute(
                """
                UPDATE media.chunk SET progress = greatest(progress, $4)
                WHERE asset_id = $1 AND rendition = ANY($2) AND n = $3 AND state <> 'ready'
                """,
                self._work.asset_id, self._renditions, self._n, done,
            )  # fmt: skip
            wake_after(tx, topic(self._work.asset_id))
        self._written = done


@asynccontextmanager
async def watched(
    run: Run, work: SourceFile, renditions: Sequence[str] = (), n: int | None = None
) -> AsyncIterator[Watch]:
    """Tend the step for as long as the block lasts."""
    watch = Watch(run, work, renditions, n)
    tending = asyncio.create_task(watch.tend())
    try:
        yield watch
    finally:
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)


async def _first_of(lost: "asyncio.Task[bool]", woken: asyncio.Event, seconds: float) -> None:
    waiting = asyncio.create_task(woken.wait())
    try:
        await asyncio.wait({lost, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
