"""Chooses telling frames for a film's poster, and the colours that a generated poster is painted in."""

import asyncio
import math
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.encode.ffmpeg import EncodeFailed, run_ffmpeg, source_input
from octavo.kernel.media.encode.filters import still
from octavo.kernel.media.encode.rows import Poster

_MOMENTS = (0.08, 0.2, 0.35, 0.5, 0.7)  # of the film: past the titles, before the credits
CHOICE = 3
_SAMPLE_WIDTH, _SAMPLE_HEIGHT = 64, 36
_WIDEST = 1280
_SHADES = 32  # levels per colour channel that count as one colour
_COLOURS = 5


class Sample(NamedTuple):
    """A small picture from somewhere in the film."""

    at: float
    pixels: bytes  # RGB, three bytes a pixel


async def extract_posters(
    path: Path, out_dir: Path, source: SourceInfo, *, cancelled: asyncio.Event | None = None
) -> list[Poster]:
    """The most telling first, three where the film has as many pictures, each at most 1280 pixels wide.

    Raises EncodeFailed when no frame can be had.
    """
    samples = [sample for moment in _MOMENTS if (sample := await _sample(path, source, moment, cancelled))]
    if not samples and (opening := await _sample(path, source, 0.0, cancelled)):
        samples = [opening]
    if not samples:
        raise EncodeFailed("No frame of the film could be decoded for its poster.")
    different = {sample.pixels: sample for sample in reversed(samples)}.values()
    best = sorted(different, key=lambda sample: (-_interest(sample), sample.at))[:CHOICE]
    return [
        await _extract(path, out_dir / f"poster-{n}.jpg", source, sample, cancelled) for n, sample in enumerate(best)
    ]


async def _extract(
    path: Path, file: Path, source: SourceInfo, sample: Sample, cancelled: asyncio.Event | None
) -> Poster:
    width = min(_WIDEST, source.video.width)
    height = max(1, round(source.video.height * width / source.video.width))
    picture = [*_frame_at(path, source, sample.at), "-vf", f"{still(source.video, width, height)},format=yuvj420p"]
    encoder = ["-c:v", "mjpeg", "-q:v", "3", "-flags:v", "+bitexact", "-fflags", "+bitexact", "-f", "image2"]
    await run_ffmpeg([*picture, *encoder, "-update", "1", str(file)], cancelled=cancelled)
    return Poster(file, width, height, sample.at, dominant_colours(sample.pixels))


def dominant_colours(pixels: bytes) -> tuple[str, ...]:
    """The colours that cover most of a picture, vivid ones counted for more; similar ones count as one."""
    groups: Counter[tuple[int, int, int]] = Counter()
    for red, green, blue in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True):
        vividness = 1 + (max(red, green, blue) - min(red, green, blue)) // 64
        groups[red // _SHADES, green // _SHADES, blue // _SHADES] += vividness
    middle = _SHADES // 2
    chosen = sorted(groups, key=lambda group: (-groups[group], group))[:_COLOURS]
    return tuple("#" + "".join(f"{level * _SHADES + middle:02x}" for level in group) for group in chosen)


def _interest(sample: Sample) -> float:
    """How much there is to see: contrast and colour, and not nearly black or white."""
    light = [(r * 3 + g * 6 + b) / 10 for r, g, b in _rgb(sample.pixels)]
    mean = sum(light) / len(light)
    contrast = math.sqrt(sum((value - mean) ** 2 for value in light) / len(light))
    colour = sum(max(pixel) - min(pixel) for pixel in _rgb(sample.pixels)) / len(light)
    unseen = 0.1 if mean < 30 or mean > 230 else 1.0
    return (contrast + colour / 2) * unseen


def _rgb(pixels: bytes) -> list[tuple[int, int, int]]:
    return list(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))


async def _sample(path: Path, source: SourceInfo, moment: float, cancelled: asyncio.Event | None) -> Sample | None:
    at = round(source.duration * moment, 3)
    pixels = bytearray()

    async def take(block: bytes) -> None:
        pixels.extend(block)

    picture = ["-vf", still(source.video, _SAMPLE_WIDTH, _SAMPLE_HEIGHT), "-f", "rawvideo", "-pix_fmt", "rgb24"]
    try:
        await run_ffmpeg([*_frame_at(path, source, at), *picture, "pipe:1"], cancelled=cancelled, on_output=take)
    except EncodeFailed:
        return None
    whole = len(pixels) == _SAMPLE_WIDTH * _SAMPLE_HEIGHT * 3
    return Sample(at, bytes(pixels)) if whole else None


def _frame_at(path: Path, source: SourceInfo, at: float) -> list[str]:
    """The key frame near a moment: no frame between two is worth decoding for a poster."""
    seek = source.video.start + at if at else None
    return [*source_input(path, seek=seek), "-map", f"0:{source.video.index}", "-frames:v", "1"]
