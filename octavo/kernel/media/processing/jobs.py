"""The jobs of the graph: each makes one thing, publishes it whole, commits it, and sets going what follows."""

import asyncio
import hashlib
from contextlib import AsyncExitStack
from datetime import timedelta

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import Run, Schedule, enqueue, job
from octavo.kernel.media import places
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.chapters.actions import take_over_chapters
from octavo.kernel.media.delivery.tokens import expiry
from octavo.kernel.media.encode import (
    AudioPiece,
    EncodedChunk,
    audio_key,
    chunk_key,
    encode_audio,
    first_rung,
    plan_chunks,
    probe,
)
from octavo.kernel.media.encode import encode_chunk as encode_with_ffmpeg
from octavo.kernel.media.encryption.files import encrypted, name_under
from octavo.kernel.media.fitting.actions import await_fitting, keep_fitting
from octavo.kernel.media.fitting.rules import is_fitted
from octavo.kernel.media.further.actions import plan_further
from octavo.kernel.media.garbage.jobs import collect_chunks
from octavo.kernel.media.garbage.rows import CollectChunks
from octavo.kernel.media.packaging import join_pieces
from octavo.kernel.media.processing import actions, failing, queries
from octavo.kernel.media.processing.fitting import measured_ladder
from octavo.kernel.media.processing.pictures import wanted_rungs
from octavo.kernel.media.processing.poster import make_poster
from octavo.kernel.media.processing.rows import (
    EncodeAudio,
    EncodeChunk,
    ExtractTexts,
    FailAbandoned,
    FitLadder,
    JoinTrack,
    MakePoster,
    MakeStoryboard,
    ProbeSource,
    Steps,
)
from octavo.kernel.media.processing.rules import LANGUAGES_AT_FIRST, LEAD
from octavo.kernel.media.processing.sounds import wanted_sounds
from octavo.kernel.media.processing.steps import MAX_STARTS, RETRY, Step, probed, run_step
from octavo.kernel.media.processing.storyboard import make_storyboard
from octavo.kernel.media.processing.texts import extract_texts
from octavo.kernel.media.processing.watch import watched

# Within the queue `first`: what a viewer waits for, then what keeps the film from stopping, then the rest.
URGENT, SOON = 20, 10
# In the queue `bulk`, behind every film that is not complete.
LAST = -10
HOUR = 3600.0


@job("media.probe_source", queue="first", max_starts=MAX_STARTS, retry=RETRY)
async def probe_source(run: Run, args: ProbeSource) -> None:
    """What film is it? Plans all of its renditions and chunks, or says why there will be none."""

    async def work_on(step: Step) -> None:
        source = await probe(step.source)
        rungs, spans = await wanted_rungs(run.ctx, source), plan_chunks(source)
        async with step.commit() as (tx, asset):
            if asset.state != "uploaded":
                return
            sounds = wanted_sounds(run.ctx, source)
            await actions.plan_work(run.ctx, tx, args.asset_id, source, rungs, spans, sounds)
            await take_over_chapters(tx, args.asset_id, source)
            first = EncodeChunk(args.asset_id, 0, (first_rung(rungs).name,))
            await enqueue(tx, encode_first_rung, first, priority=URGENT, key=f"{args.asset_id}:first:0")
            for n, name in enumerate(sounds):
                sound = EncodeAudio(args.asset_id, name)
                priority = URGENT if n < LANGUAGES_AT_FIRST else SOON
                await enqueue(tx, encode_sound, sound, priority=priority, key=f"{args.asset_id}:{sound.rendition}")
            await enqueue(tx, make_poster, MakePoster(args.asset_id), priority=SOON, key=f"{args.asset_id}:poster")
            if is_fitted(run.ctx.settings.media, source, rungs):
                await await_fitting(tx, args.asset_id)
                await enqueue(tx, fit_ladder, FitLadder(args.asset_id), key=f"{args.asset_id}:fit")
            if source.texts:
                await enqueue(tx, extract_texts, ExtractTexts(args.asset_id), key=f"{args.asset_id}:texts")

    await run_step(run, args.asset_id, work_on)


@job("media.encode_first_rung", queue="first", max_starts=MAX_STARTS, retry=RETRY, timeout=HOUR)
async def encode_first_rung(run: Run, args: EncodeChunk) -> None:
    """A chunk of the rung that a viewer sees first."""
    await _encode(run, args, idle=False)


@job("media.encode_chunk", queue="bulk", max_starts=MAX_STARTS, retry=RETRY, timeout=6 * HOUR)
async def encode_chunk(run: Run, args: EncodeChunk) -> None:
    """A chunk of the other rungs, and of the first if nobody waits for it, when nothing better is to be done."""
    await _encode(run, args, idle=True)


async def _encode(run: Run, args: EncodeChunk, *, idle: bool) -> None:
    async def work_on(step: Step) -> None:
        source = probed(step)
        plans = await queries.chunk_plans(run.ctx.db.main, args.asset_id, args.n, args.renditions)
        if not plans:
            return
        rungs = [plan.parameters for plan in plans]
        async with watched(run, step.work, [plan.rendition for plan in plans], args.n) as watch:
            encoded: dict[str, EncodedChunk] = await encode_with_ffmpeg(
                step.source, step.folder, plans[0].span, rungs, source,
                idle=idle, progress=watch.report, cancelled=watch.cancelled,
            )  # fmt: skip
        stored = []
        for plan in plans:
            name = chunk_key(step.work.src_sha256, plan.span, plan.parameters, source)
            key = places.chunk_key(args.asset_id, name_under(plan.key_id, name), args.n)
            chunk = encoded[plan.parameters.name]
            path, index = await encrypted(run.ctx, args.asset_id, plan.key_id, chunk.path, chunk.index)
            stored.append((plan, await step.publish(key, path), index))
        async with step.commit() as (tx, _):
            for plan, file, index in stored:
                await actions.keep_chunk(tx, args.asset_id, plan, file, index, attempt=run.starts)
            await _go_on(run.ctx, tx, args.asset_id)

    await run_step(run, args.asset_id, work_on)


@job("media.encode_sound", queue="first", max_starts=MAX_STARTS, retry=RETRY, timeout=6 * HOUR)
async def encode_sound(run: Run, args: EncodeAudio) -> None:
    """One language in one pass, published piece by piece. A crash repeats it whole, and makes the same pieces."""

    async def work_on(step: Step) -> None:
        source = probed(step)
        plan = await queries.audio_plan(run.ctx.db.main, args.asset_id, args.rendition)
        if plan is None or plan.state != "encoding":
            return
        name = audio_key(step.work.src_sha256, plan.parameters, source)

        async def keep(piece: AudioPiece) -> None:
            path, index = await encrypted(run.ctx, args.asset_id, plan.key_id, piece.path, piece.index)
            key = places.chunk_key(args.asset_id, name_under(plan.key_id, name), piece.n)
            stored, piece = await step.publish(key, path), replace(piece, index=index)
            async with step.commit(last=False) as (tx, _):
                await actions.keep_audio_piece(tx, args.asset_id, args.rendition, piece, stored, attempt=run.starts)
                await _go_on(run.ctx, tx, args.asset_id)

        async with watched(run, step.work) as watch:
            await encode_audio(
                step.source, step.folder, plan.parameters, source, on_piece=keep, cancelled=watch.cancelled
            )
        async with step.commit() as (tx, _):
            await actions.end_audio(tx, args.asset_id, args.rendition)
            await _enqueue_join(tx, JoinTrack(args.asset_id, args.rendition))
            await _go_on(run.ctx, tx, args.asset_id)

    await run_step(run, args.asset_id, work_on)


@job("media.fit_ladder", queue="first", max_starts=MAX_STARTS, retry=RETRY, timeout=HOUR)
async def fit_ladder(run: Run, args: FitLadder) -> None:
    """How should this very film be encoded? What plays soon does not wait for the answer, all else does."""

    async def work_on(step: Step) -> None:
        rungs = await measured_ladder(run, step)
        async with step.commit() as (tx, asset):
            if asset.unfitted:
                await keep_fitting(tx, args.asset_id, rungs, lead=LEAD)
            await _go_on(run.ctx, tx, args.asset_id)

    await run_step(run, args.asset_id, work_on)


@job("media.join_track", queue="bulk", max_starts=MAX_STARTS, retry=RETRY, timeout=HOUR)
async def join_track(run: Run, args: JoinTrack) -> None:
    """One file per track, with the bytes of its chunks; the last track to be joined completes the asset."""

    async def work_on(step: Step) -> None:
        chunks = await queries.stored_chunks(run.ctx.db.main, args.asset_id, args.rendition)
        if not chunks:
            return  # the film was to be encoded anew, and that was taken back
        out = step.folder / "track.mp4"
        async with AsyncExitStack() as stack:
            copies = [run.ctx.blobs.local_copy(chunk.key) for chunk in chunks]
            pieces = [await stack.enter_async_context(copy) for copy in copies]
            index = await asyncio.to_thread(join_pieces, pieces, out)
        name = hashlib.sha256("".join(chunk.sha256 for chunk in chunks).encode()).hexdigest()[:32]
        stored = await step.publish(places.track_key(args.asset_id, name), out)
        async with step.commit() as (tx, _):
            await actions.keep_track(tx, args.asset_id, args.rendition, stored, index)
            await _go_on(run.ctx, tx, args.asset_id)

    await run_step(run, args.asset_id, work_on, reads_source=False)


@job("media.fail_abandoned")
async def fail_abandoned(run: Run, args: FailAbandoned) -> None:
    """Films whose steps have died without a word: their owners hear of it."""
    await failing.fail_abandoned(run.ctx, [step.name for step in NEEDED])


NEEDED = (probe_source, encode_first_rung, fit_ladder, encode_chunk, encode_sound, join_track)
SCHEDULES = (Schedule("media.fail_abandoned", every=timedelta(minutes=1), job=fail_abandoned, args=FailAbandoned()),)


async def play_ahead(ctx: Context, asset_id: AssetId) -> None:
    """Somebody plays a film that is not complete: from now on the first rung goes ahead of the others, to its end."""
    async with ctx.db.main.transaction() as tx:
        await actions.begin_playing(ctx, tx, asset_id)
        await _go_on(ctx, tx, asset_id)


async def _go_on(ctx: Context, tx: Transaction, asset_id: AssetId) -> None:
    """Whatever may follow now is enqueued with the rows that allow it."""
    for steps in await actions.take_steps(ctx, tx, asset_id):
        await _enqueue_steps(ctx, tx, asset_id, steps)


async def _enqueue_steps(ctx: Context, tx: Transaction, asset_id: AssetId, steps: Steps) -> None:
    for chunk in steps.encode_first_rung:
        await enqueue(tx, encode_first_rung, chunk, key=f"{asset_id}:first:{chunk.n}")
    for chunk in steps.encode_others:
        await enqueue(tx, encode_chunk, chunk, key=f"{asset_id}:others:{chunk.n}")
    for track in steps.join:
        await _enqueue_join(tx, track)
    if steps.publish == "whole":
        for chunk in await plan_further(ctx, tx, asset_id):
            key = f"{asset_id}:{chunk.renditions[0]}:{chunk.n}"
            await enqueue(tx, encode_chunk, chunk, priority=LAST, key=key)
        await enqueue(tx, make_storyboard, MakeStoryboard(asset_id), key=f"{asset_id}:storyboard")
        # Now the chunks that nobody plays; once the addresses of the growing version have expired, the others.
        lifetime = timedelta(seconds=ctx.settings.media.playback_lifetime)
        expired = expiry(ctx.now, lifetime) + timedelta(minutes=1)
        await enqueue(tx, collect_chunks, CollectChunks(asset_id), key=f"{asset_id}:now")
        # A version that follows soon has a time of its own: what waits already would come too early for it.
        later = f"{asset_id}:later:{expired:%Y%m%dT%H%M%S}"
        await enqueue(tx, collect_chunks, CollectChunks(asset_id), due=expired, key=later)


async def _enqueue_join(tx: Transaction, track: JoinTrack) -> None:
    # Joining only copies bytes: it goes before the next chunk.
    await enqueue(tx, join_track, track, priority=SOON, key=f"{track.asset_id}:join:{track.rendition}")
