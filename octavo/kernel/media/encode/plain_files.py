"""Makes plain files of a film: joined tracks copied into a progressive MP4, or the source encoded as a whole."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.encode.ffmpeg import run_ffmpeg, source_input
from octavo.kernel.media.encode.filters import whole_picture

_EXACT = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
_VP9 = ["-c:v", "libvpx-vp9", "-crf", "33", "-b:v", "0", "-deadline", "good", "-cpu-used", "4", "-row-mt", "1"]
_OPUS = ["-c:a", "libopus", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
_H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-profile:v", "high", "-pix_fmt", "yuv420p"]
_AAC = ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
_FROM_THE_START = ["-movflags", "+faststart", "-f", "mp4"]


async def copy_to_mp4(
    picture: Path, sounds: Sequence[tuple[Path, str]], out: Path, *, cancelled: asyncio.Event | None = None
) -> None:
    """One MP4 with its index first: the picture and every sound, each with its language (BCP 47), nothing re-encoded.

    Raises EncodeFailed or EncodeCancelled.
    """
    arguments = ["-copyts", "-i", f"file:{picture}"]
    maps = ["-map", "0:v:0"]
    for n, (path, language) in enumerate(sounds):
        arguments += ["-i", f"file:{path}"]
        maps += ["-map", f"{n + 1}:a:0", f"-metadata:s:a:{n}", f"language={language}"]
        maps += [f"-disposition:a:{n}", "default" if n == 0 else "0"]
    await run_ffmpeg([*arguments, *_EXACT, *maps, "-c", "copy", *_FROM_THE_START, str(out)], cancelled=cancelled)


async def encode_webm(
    path: Path,
    source: SourceInfo,
    lines: int,
    out: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: asyncio.Event | None = None,
) -> None:
    """VP9 and Opus, `lines` high or, for upright films, wide. Raises EncodeFailed or EncodeCancelled."""
    scale = min(1.0, lines / min(source.video.width, source.video.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (source.video.width, source.video.height))
    picture = whole_picture(source.video, width, height)
    await _encode(path, source, picture, [*_VP9, *_OPUS, "-f", "webm", str(out)], progress, cancelled)


async def encode_padded(
    path: Path,
    source: SourceInfo,
    width: int,
    height: int,
    out: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: asyncio.Event | None = None,
) -> None:
    """An MP4 of exactly this size, with black beside or above a picture of another shape.

    Raises EncodeFailed or EncodeCancelled.
    """
    scale = min(width / source.video.width, height / source.video.height)
    inner = [max(2, round(side * scale / 2) * 2) for side in (source.video.width, source.video.height)]
    picture = f"{whole_picture(source.video, *inner)},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1"
    await _encode(path, source, picture, [*_H264, *_AAC, *_FROM_THE_START, str(out)], progress, cancelled)


async def _encode(
    path: Path,
    source: SourceInfo,
    picture: str,
    encoders: Sequence[str],
    progress: Callable[[float], None] | None,
    cancelled: asyncio.Event | None,
) -> None:
    begin = source.video.start

    def on_time(seconds: float) -> None:
        if progress is not None and source.duration:
            progress(min(1.0, seconds / source.duration))

    arguments = [*source_input(path, threads=0), *_EXACT, "-map_chapters", "-1"]
    arguments += ["-map", f"0:{source.video.index}", "-vf", f"setpts=PTS-({begin:.6f}/TB),{picture}"]
    if source.audio:
        arguments += ["-map", f"0:{source.audio[0].index}"]
        arguments += ["-af", f"asetpts=PTS-({begin:.6f}/TB),aresample=48000:async=1:first_pts=0"]
    await run_ffmpeg([*arguments, *encoders], idle=True, cancelled=cancelled, on_time=on_time)
