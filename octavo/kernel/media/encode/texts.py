"""Takes the text tracks out of a source, as WebVTT on the film's own clock."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from octavo.kernel.film import SourceInfo, TextTrack
from octavo.kernel.media.encode.ffmpeg import EncodeFailed, run_ffmpeg, source_input


async def extract_texts(
    path: Path, out_dir: Path, source: SourceInfo, *, cancelled: asyncio.Event | None = None
) -> dict[TextTrack, Path]:
    """The tracks that could be read, each in a file of its own; times are those of the source's clock.

    One pass over the film takes them all, and only where that fails each is tried by itself. Raises EncodeCancelled.
    """
    files = {track: out_dir / f"text-{track.index}.vtt" for track in source.texts}
    try:
        await _extract(path, files, list(files), cancelled)
        return files
    except EncodeFailed:
        return {track: files[track] for track in files if await _is_readable(path, files, track, cancelled)}


async def _is_readable(
    path: Path, files: dict[TextTrack, Path], track: TextTrack, cancelled: asyncio.Event | None
) -> bool:
    try:
        await _extract(path, files, [track], cancelled)
    except EncodeFailed:
        return False
    return True


async def _extract(
    path: Path, files: dict[TextTrack, Path], tracks: Sequence[TextTrack], cancelled: asyncio.Event | None
) -> None:
    arguments = source_input(path)
    for track in tracks:
        arguments += ["-map", f"0:{track.index}", "-c:s", "webvtt", "-fflags", "+bitexact", "-f", "webvtt"]
        arguments.append(str(files[track]))
    await run_ffmpeg(arguments, idle=True, cancelled=cancelled)
