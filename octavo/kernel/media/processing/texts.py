"""The step that takes the source's own subtitles out of it. A film without them is still a film."""

import asyncio
from pathlib import Path

from octavo.kernel.jobs import Run, job
from octavo.kernel.media import places
from octavo.kernel.media.encode import SourceInfo, TextTrack
from octavo.kernel.media.encode import extract_texts as extract_with_ffmpeg
from octavo.kernel.media.processing.rows import ExtractTexts
from octavo.kernel.media.processing.steps import MAX_STARTS, RETRY, Step, probed, run_step
from octavo.kernel.media.processing.watch import watched
from octavo.kernel.media.subtitles.actions import insert_subtitle
from octavo.kernel.media.subtitles.decoding import decoded
from octavo.kernel.media.subtitles.parsing import parse
from octavo.kernel.media.subtitles.rows import Subtitle
from octavo.kernel.media.subtitles.rules import MOST_BYTES, BadSubtitles, label_of
from octavo.kernel.media.subtitles.webvtt import shifted, write_webvtt

HOUR = 3600.0


@job("media.extract_texts", queue="bulk", max_starts=MAX_STARTS, retry=RETRY, timeout=HOUR)
async def extract_texts(run: Run, args: ExtractTexts) -> None:
    """Every text track as subtitles of the film. Tracks that hold nothing readable are left out."""

    async def work_on(step: Step) -> None:
        source = probed(step)
        async with watched(run, step.work) as watch:
            files = await extract_with_ffmpeg(step.source, step.folder, source, cancelled=watch.cancelled)
        found = []
        for track, path in files.items():
            wanted = not args.names or name_of(track) in args.names
            if wanted and (cues := await asyncio.to_thread(_rewrite, path, source)):
                found.append(await _stored(step, track, path, cues))
        async with step.commit() as (tx, _):
            for subtitle in found:
                await insert_subtitle(tx, subtitle)

    await run_step(run, args.asset_id, work_on, needed=False)


def name_of(track: TextTrack) -> str:
    return f"source-{track.index}"


def _rewrite(path: Path, source: SourceInfo) -> int:
    """Put them on the film's clock, which begins with its first frame. Returns how many cues there are."""
    if path.stat().st_size > MOST_BYTES:
        return 0
    try:
        cues = shifted(parse(decoded(path.read_bytes())), -round(source.video.start * 1000))
    except BadSubtitles:
        return 0
    path.write_bytes(write_webvtt(cues))
    return len(cues)


async def _stored(step: Step, track: TextTrack, path: Path, cues: int) -> Subtitle:
    """The same track always gives the same bytes, so that a step begun again stores them in the same place."""
    name = name_of(track)
    file = await step.publish(places.subtitle_key(step.work.asset_id, name), path)
    return Subtitle(
        asset_id=step.work.asset_id,
        name=name,
        origin="source",
        language=track.language,
        label=label_of(track.title, track.language),
        forced=track.forced,
        cues=cues,
        key=file.key,
        sha256=file.sha256,
        bytes=file.bytes,
        created_at=step.run.ctx.now,
    )
