"""Encodes one chunk of a film into several rungs with a single run of ffmpeg."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from octavo.kernel.film import INDEXED_FORMATS, SourceInfo
from octavo.kernel.media.encode.encoders import encoder_options, grid_timescale, reordered_frames
from octavo.kernel.media.encode.ffmpeg import EncodeFailed, run_ffmpeg, source_input
from octavo.kernel.media.encode.filters import cascade
from octavo.kernel.media.encode.hardware import device_options, require_hardware, upload_of
from octavo.kernel.media.encode.ladder import first_rung, ladder
from octavo.kernel.media.encode.rows import ChunkSpan, EncodedChunk, Rung
from octavo.kernel.media.packaging import BrokenBoxes, TrackIndex, index_fragments, place_fragments

_SEEK_MARGIN = 2.0  # seconds, where a seek may land between key frames


async def encode_chunk(
    path: Path,
    out_dir: Path,
    span: ChunkSpan,
    rungs: Sequence[Rung],
    source: SourceInfo,
    *,
    idle: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: asyncio.Event | None = None,
) -> dict[str, EncodedChunk]:
    """Writes `<rung>-<n>.mp4` for every rung into `out_dir` and returns them by rung name.

    The same arguments always give the same bytes, and the first rung the same with the others as without. Decode times
    are those of the whole film, so that a chunk plays in its place as it is. Raises EncodeFailed or EncodeCancelled;
    what lies in `out_dir` then is of no use.
    """
    rungs = sorted(rungs, key=lambda rung: rung.lines, reverse=True)
    files = {rung.name: out_dir / f"{rung.name}-{span.n:04}.mp4" for rung in rungs}
    length = max(span.end - span.start, 0.001)

    def on_time(seconds: float) -> None:
        if progress is not None:
            progress(min(1.0, seconds / length))

    await require_hardware(rungs)
    arguments = [*device_options(rungs), *chunk_input(path, span, source, idle=idle), "-filter_complex_threads", "1"]
    graph = cascade(source.video, span, rungs, first_rung(ladder(source)).name)
    uploads = {n: upload_of(rung.encoder) for n, rung in enumerate(rungs) if upload_of(rung.encoder)}
    arguments += ["-filter_complex", ";".join([graph, *(f"[r{n}]{upload}[h{n}]" for n, upload in uploads.items())])]
    for n, rung in enumerate(rungs):
        arguments += [
            "-map",
            f"[{'h' if n in uploads else 'r'}{n}]",
            *encoder_options(rung, span, source.video.frame_rate),
            str(files[rung.name]),
        ]
    await run_ffmpeg(arguments, idle=idle, cancelled=cancelled, on_time=on_time)
    return await asyncio.to_thread(_placed, rungs, files, span, source)


def chunk_input(path: Path, span: ChunkSpan, source: SourceInfo, *, idle: bool) -> list[str]:
    """The input options that begin at the chunk's key frame, or shortly before."""
    if span.n == 0:
        # The one chunk that a viewer waits for may decode on every processor.
        return source_input(path, threads=1 if idle else 0)
    margin = 0.0 if source.container in INDEXED_FORMATS else _SEEK_MARGIN
    return source_input(path, seek=span.seek - margin)


def _placed(
    rungs: Sequence[Rung], files: dict[str, Path], span: ChunkSpan, source: SourceInfo
) -> dict[str, EncodedChunk]:
    """Checks that each file holds the frames it should, and moves it to its place in the film."""
    rate = source.video.frame_rate
    ticks = grid_timescale(rate) // rate.numerator * rate.denominator
    chunks = {}
    for rung in rungs:
        file = files[rung.name]
        try:
            place_fragments(file, later=span.first_frame * ticks, delay=reordered_frames(rung) * ticks)
            index = index_fragments(file)
        except BrokenBoxes as reason:
            raise EncodeFailed("The film has no picture where its header says there is one.", str(reason)) from reason
        _require_all_frames(index, span, ticks)
        chunks[rung.name] = EncodedChunk(file, index)
    return chunks


def _require_all_frames(index: TrackIndex, span: ChunkSpan, ticks: int) -> None:
    frames = sum(segment.duration for segment in index.segments) // ticks
    if span.frames is not None and frames != span.frames:
        minutes, seconds = divmod(round(span.start + frames * ticks / index.timescale), 60)
        told = f"The film ends at {minutes}:{seconds:02}, before its header says: the file is probably cut off."
        raise EncodeFailed(told, f"chunk {span.n} has {frames} of {span.frames} frames")
