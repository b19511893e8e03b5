"""One step of the work: its scratch folder, its lease, its source, and how it ends well or badly."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from octavo.kernel.blobs import BlobMissing
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import Backoff, GiveUp, Run
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.encode import EncodeCancelled, EncodeFailed, EncodeInterrupted, NotAVideo, SourceInfo
from octavo.kernel.media.places import work_folder
from octavo.kernel.media.processing import actions, failing, queries
from octavo.kernel.media.processing.actions import AssetEnded, Stored
from octavo.kernel.media.processing.folders import folder_of_step
from octavo.kernel.media.processing.rows import SourceFile
from octavo.kernel.refusals import StorageFull

# Starts that a step has. Every crash of the machine or the worker counts as one, so there are more than errors deserve.
MAX_STARTS = 12
RETRY = Backoff(first=1.0, factor=3.0, longest=60.0)
# A broken film fails the same way each time; a full disk or memory may not.
TRIES_OF_AN_ERROR = 3
INTERRUPTED = "This film could not be processed: the server was interrupted, or full, each time. Try again later."

log = logging.getLogger("octavo.media")


class Step:
    """What a step works with. `source` is a local file, and `folder` is the step's own and goes when it ends."""

    def __init__(self, run: Run, work: SourceFile, folder: Path) -> None:
        self.run = run
        self.work = work
        self.folder = folder
        self.source = folder / "source"
        self._published: list[str] = []

    @asynccontextmanager
    async def with_source(self) -> AsyncIterator[None]:
        """The uploaded film lies on this machine, as `source`, until the block ends."""
        async with self.run.ctx.blobs.local_copy(self.work.source_key) as self.source:
            yield

    async def publish(self, key: str, path: Path) -> Stored:
        """Store a file whole; only the commit that names it makes it count.

        Whoever is cancelled meanwhile still waits for the store: what arrives there later, nobody would take back.
        """
        digest, size = await asyncio.to_thread(_measure, path)
        self._published.append(key)
        storing = asyncio.create_task(self.run.ctx.blobs.put(key, path))
        try:
            await asyncio.shield(storing)
        finally:
            await asyncio.wait([storing])
        return Stored(key, digest, size)

    @asynccontextmanager
    async def commit(self, *, last: bool = True) -> AsyncIterator[tuple[Transaction, Asset]]:
        """The transaction that makes outputs count, while lease and asset live. `last` ends the job in it."""
        async with self.run.ctx.db.main.transaction() as tx:
            # Job rows are locked before assets everywhere, so that nobody waits in a circle.
            await (self.run.finish(tx) if last else self.run.hold(tx))
            yield tx, await actions.lock_work(tx, self.work)
        self._published.clear()

    async def take_back(self) -> None:
        """Of an asset that has ended, nothing may stay behind."""
        for key in self._published:
            await self.run.ctx.blobs.delete(key)


async def run_step(
    run: Run,
    asset_id: AssetId,
    work_on: Callable[[Step], Awaitable[None]],
    *,
    needed: bool = True,
    reads_source: bool = True,
) -> None:
    """Do the step unless its asset has ended. An error fails the asset when trying again would not help.

    What is not `needed`, such as a poster, is only missing then.
    """
    work = await queries.source_file(run.ctx.db.main, asset_id)
    if work is None:
        return
    async with _own_folder(run) as folder:
        await _take(Step(run, work, folder), work_on, needed=needed, reads_source=reads_source)


async def _take(step: Step, work_on: Callable[[Step], Awaitable[None]], *, needed: bool, reads_source: bool) -> None:
    run, asset_id = step.run, step.work.asset_id
    try:
        async with _while_wanted(step), step.with_source() if reads_source else nullcontext():
            await work_on(step)
    except AssetEnded:
        await step.take_back()
    except NotAVideo as refusal:
        await _fail(step, refusal.detail)
        raise GiveUp(refusal.detail) from refusal
    except (EncodeFailed, EncodeInterrupted, StorageFull) as error:
        log.warning("A step of %s failed at start %d: %s", asset_id, run.starts, error)
        if run.starts < (TRIES_OF_AN_ERROR if isinstance(error, EncodeFailed) else MAX_STARTS):
            raise
        if needed:
            await _fail(step, error.detail if isinstance(error, EncodeFailed) else INTERRUPTED)
        raise GiveUp(str(error)) from error


@asynccontextmanager
async def _while_wanted(step: Step) -> AsyncIterator[None]:
    """An asset that ends, and a lease that is lost, break work off in many ways: neither is the film's fault.

    Raises AssetEnded, or LeaseLost.
    """
    try:
        yield
    except (EncodeCancelled, EncodeFailed, EncodeInterrupted, NotAVideo, BlobMissing) as error:
        step.run.check()
        generation = await queries.generation_of(step.run.ctx.db.main, step.work.asset_id)
        if isinstance(error, EncodeCancelled) or generation != step.work.generation:
            raise AssetEnded from error
        raise


@asynccontextmanager
async def _own_folder(run: Run) -> AsyncIterator[Path]:
    opened = folder_of_step(work_folder(run.ctx.blobs), run.id.hex)
    folder = await asyncio.to_thread(opened.__enter__)
    try:
        yield folder
    finally:
        await asyncio.to_thread(opened.__exit__, None, None, None)


def probed(step: Step) -> SourceInfo:
    assert step.work.source is not None, "only the probe runs before the source is known"
    return step.work.source


async def _fail(step: Step, sentence: str) -> None:
    async with step.run.ctx.db.main.transaction() as tx:
        await step.run.hold(tx)
        await failing.fail_asset(step.run.ctx, tx, step.work.asset_id, sentence)


def _measure(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
