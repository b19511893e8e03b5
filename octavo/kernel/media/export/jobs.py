"""The jobs that make exports: tracks copied together at once, or the film encoded when nothing better is to be done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from octavo.kernel.jobs import Backoff, GiveUp, Run, job
from octavo.kernel.media import places
from octavo.kernel.media.encode.plain_files import copy_to_mp4, encode_padded, encode_webm
from octavo.kernel.media.export import queries, rules
from octavo.kernel.media.export.actions import fail_export, keep_export, keep_progress
from octavo.kernel.media.export.rows import MakeExport, Offer
from octavo.kernel.media.processing.steps import MAX_STARTS, Step, run_step
from octavo.kernel.media.processing.watch import watched
from octavo.kernel.refusals import Unavailable

RETRY = Backoff(first=1.0, factor=3.0, longest=60.0)
HOUR = 3600.0
PADDED_SIZE = (640, 480)
TELL_SECONDS = 1.0
FAILED = "This file could not be made of the film."


@job("media.copy_tracks", queue="first", max_starts=MAX_STARTS, retry=RETRY, timeout=HOUR)
async def copy_tracks(run: Run, args: MakeExport) -> None:
    """A progressive MP4 of a rung: bytes are copied, nothing is encoded."""

    async def work_on(step: Step) -> None:
        tracks = await queries.tracks_of(run.ctx.db.main, args.asset_id)
        offer = rules.offered(args.name, rules.offers(tracks, 0))
        used = [track for track in tracks if track.kind == "audio" or track.name == offer.rung]
        out = step.folder / offer.name
        async with AsyncExitStack() as stack, watched(run, step.work) as watch:
            files = {track.name: await stack.enter_async_context(run.ctx.blobs.local_copy(track.key)) for track in used}
            sounds = [(files[track.name], track.language) for track in used if track.kind == "audio"]
            await copy_to_mp4(files[offer.rung], sounds, out, cancelled=watch.cancelled)
        await _keep(run, step, args, offer, rules.content_name(offer, step.work.src_sha256, used))

    await _run(run, args, work_on, reads_source=False)


@job("media.encode_export", queue="bulk", max_starts=MAX_STARTS, retry=RETRY, timeout=6 * HOUR)
async def encode_export(run: Run, args: MakeExport) -> None:
    """A WebM, or a padded MP4: the whole film in one run."""

    async def work_on(step: Step) -> None:
        source = step.work.source
        assert source is not None, "only complete films are exported"
        offer = rules.offered(args.name, rules.offers((), min(source.video.width, source.video.height)))
        out = step.folder / offer.name
        async with watched(run, step.work) as watch, _telling(run, args) as report:
            if offer.form == "webm":
                await encode_webm(step.source, source, offer.lines, out, progress=report, cancelled=watch.cancelled)
            else:
                await encode_padded(step.source, source, *PADDED_SIZE, out, progress=report, cancelled=watch.cancelled)
        await _keep(run, step, args, offer, rules.content_name(offer, step.work.src_sha256, ()))

    await _run(run, args, work_on, reads_source=True)


async def _run(run: Run, args: MakeExport, work_on: Callable[[Step], Awaitable[None]], *, reads_source: bool) -> None:
    try:
        await run_step(run, args.asset_id, work_on, needed=False, reads_source=reads_source)
    except (GiveUp, rules.NoSuchExport) as error:
        # There is no such export while the film is encoded anew; once it is complete it can be asked for again.
        async with run.ctx.db.main.transaction() as tx:
            await run.hold(tx)
            await fail_export(run.ctx, tx, args.asset_id, args.name, FAILED)
        raise GiveUp(str(error)) from error


async def _keep(run: Run, step: Step, args: MakeExport, offer: Offer, name: str) -> None:
    key = places.export_key(args.asset_id, name, offer.name)
    stored = await step.publish(key, step.folder / offer.name)
    async with step.commit() as (tx, _):
        await keep_export(run.ctx, tx, args.asset_id, offer, stored)


@asynccontextmanager
async def _telling(run: Run, args: MakeExport) -> AsyncIterator[Callable[[float], None]]:
    """What is reported is written down once a second."""
    done = 0.0

    def report(progress: float) -> None:
        nonlocal done
        done = progress

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            with suppress(Unavailable):
                await keep_progress(run.ctx, args.asset_id, args.name, done)

    telling = asyncio.create_task(tell())
    try:
        yield report
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
