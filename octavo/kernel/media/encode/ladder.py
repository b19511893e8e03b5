"""The ladder: which qualities a film is encoded in, never larger than the film itself."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.encode.rows import Rung

FIRST_LINES = 480  # the rung that is encoded first, so that the film can be watched early
_NEARLY = 1.1  # a film of 1904x1072 keeps its own size instead of falling to 720 lines
_SMALLEST_SIDE = 16  # pixels: one macroblock; encoders and players are unreliable below
_LONGEST_SIDE = 4096  # pixels, for the shapes that no ladder foresees


class Step(NamedTuple):
    """A row of the fixed ladder: the box that the picture is fitted into, and its rate at up to 30 frames a second."""

    lines: int
    box: int  # the longer side
    crf: int
    max_rate: int


# Capped constant quality: the picture decides the rate, up to `max_rate`.
STEPS = (
    Step(2160, 3840, 23, 16_000_000),
    Step(1440, 2560, 23, 9_000_000),
    Step(1080, 1920, 23, 5_000_000),
    Step(720, 1280, 23, 2_800_000),
    Step(480, 854, 23, 1_400_000),
    Step(360, 640, 23, 800_000),
    Step(240, 426, 23, 400_000),
)
MOST_LINES = 1080  # lines: more only where the operator wants it
_QUICK_RATE = 1.5  # what more than 30 frames a second may cost
_BUFFER_SECONDS = 1.5
# Pieces of a rung share one header, whatever the tools and the quality that each was encoded with (x264: `stitchable`).
JOINABLE = "stitchable=1"

# H.264 levels (ITU-T H.264, table A-1): macroblocks a second, macroblocks a frame, and 1.25 times the kbit/s for High.
_LEVELS = (
    ("1.1", 3_000, 396, 240),
    ("1.2", 6_000, 396, 480),
    ("1.3", 11_880, 396, 960),
    ("2.1", 19_800, 792, 5_000),
    ("3.0", 40_500, 1_620, 12_500),
    ("3.1", 108_000, 3_600, 17_500),
    ("3.2", 216_000, 5_120, 25_000),
    ("4.0", 245_760, 8_192, 25_000),
    ("4.2", 522_240, 8_704, 62_500),
    ("5.0", 589_824, 22_080, 168_750),
    ("5.1", 983_040, 36_864, 300_000),
    ("5.2", 2_073_600, 36_864, 300_000),
)


def ladder(source: SourceInfo, *, most_lines: int = MOST_LINES) -> tuple[Rung, ...]:
    """The rungs for a film, highest first and none above `most_lines`.

    A film smaller than the lowest gets one rung of its own size.
    """
    long, short = sorted((source.video.width, source.video.height), reverse=True)
    steps = [step for step in STEPS if step.lines <= most_lines]
    steps = [step for step in steps if step.box <= long * _NEARLY or step.lines <= short * _NEARLY]
    rungs = [_rung(source, step) for step in steps]
    return tuple(rung for rung in rungs if min(rung.width, rung.height) >= _SMALLEST_SIDE) or (_own_rung(source),)


def first_rung(rungs: Sequence[Rung]) -> Rung:
    """The rung that makes a film playable: 480p or the nearest below it, else the lowest there is."""
    return next((rung for rung in rungs if rung.lines <= FIRST_LINES), rungs[-1])


def video_cap(rung: Rung) -> int:
    """Bits per second that no four seconds of the rung exceed: its rate, a full buffer, and the boxes around."""
    return round((rung.max_rate + rung.buffer / 4) * 1.02)


def _rung(source: SourceInfo, step: Step) -> Rung:
    width, height = source.video.width, source.video.height
    scale = min(1.0, step.box / max(width, height), step.lines / min(width, height))
    lines = step.lines
    if max(width, height) < step.box and min(width, height) < step.lines:
        lines = _even(max(min(width, height), max(width, height) * 9 / 16))
    return _sized(source, step, lines, _even(width * scale), _even(height * scale))


def _own_rung(source: SourceInfo) -> Rung:
    scale = min(1.0, _LONGEST_SIDE / max(source.video.width, source.video.height))
    width = max(_SMALLEST_SIDE, _even(source.video.width * scale))
    height = max(_SMALLEST_SIDE, _even(source.video.height * scale))
    return _sized(source, STEPS[-1], min(width, height), width, height)


def _sized(source: SourceInfo, step: Step, lines: int, width: int, height: int) -> Rung:
    rate = float(source.video.frame_rate.fraction)
    max_rate = round(step.max_rate * (_QUICK_RATE if rate > 31 else 1.0))
    return Rung(
        lines=lines,
        width=width,
        height=height,
        crf=step.crf,
        max_rate=max_rate,
        buffer=round(max_rate * _BUFFER_SECONDS),
        level=_level(width, height, rate, max_rate),
        tools=JOINABLE,
    )


def _even(length: float) -> int:
    """The nearest even number, and of two equally near the smaller: an odd side never grows."""
    return max(2, math.ceil(length / 2 - 0.5) * 2)


def _level(width: int, height: int, rate: float, max_rate: int) -> str:
    """The lowest level whose limits hold the picture, its frame rate and its bit rate."""
    frame = -(-width // 16) * -(-height // 16)
    for name, per_second, per_frame, kilobits in _LEVELS:
        widest = (per_frame * 8) ** 0.5 * 16  # A.3.1: no side may be longer than this
        fits = frame <= per_frame and frame * rate <= per_second and max(width, height) <= widest
        if fits and max_rate <= kilobits * 1000:
            return name
    return _LEVELS[-1][0]
