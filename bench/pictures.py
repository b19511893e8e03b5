"""What benches of the picture share: films made for them, originals of a rung, and bits at an equal quality."""

import math
import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg

from octavo.kernel.media.encode import ChunkSpan, Rung, SourceInfo


def made(out: Path, *inputs: str) -> Path:
    """A film, hardly compressed, of whatever ffmpeg reads with these options."""
    _ffmpeg(*inputs, "-an", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "6", "-pix_fmt", "yuv420p", str(out))
    return out


def lossless(film: Path, room: Path, rung: Rung) -> Path:
    """The film at the size of the rung."""
    out = room / f"{rung.name}-original.mkv"
    size = f"zscale={rung.width}:{rung.height}:filter=bicubic,setsar=1,format=yuv420p"
    _ffmpeg("-i", str(film), "-vf", size, "-an", "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", str(out))
    return out


def stretch(source: SourceInfo, seconds: float) -> ChunkSpan:
    """The film's beginning as one chunk, in segments of four seconds."""
    rate = source.video.frame_rate.fraction
    frames = round(seconds * rate)
    return ChunkSpan(0, 0, frames, min(frames, round(4 * rate)), 0.0, 0.0, seconds)


def bits_for(quality: float, curve: Sequence[tuple[float, float]]) -> float:
    """What an encoder takes for this VMAF, by its bits and VMAF at three settings: beyond them in a straight line."""
    points = sorted((vmaf, math.log(bits)) for bits, vmaf in curve)
    (low, low_bits), (high, high_bits) = points[:2] if quality <= points[1][0] else points[1:]
    return math.exp(low_bits + (high_bits - low_bits) * (quality - low) / max(high - low, 0.01))


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *arguments], check=True)
