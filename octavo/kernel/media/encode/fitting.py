"""Fits the small rungs of the ladder to one film: the fewest bits for the quality that the fixed ladder gives it.

A few short samples are encoded as the fixed ladder would, and with tools that take longer; VMAF tells which quality
those need to look the same. Large rungs stay as they are: such tools would double what the whole film costs.
"""

import asyncio
from collections.abc import Sequence
from math import exp, floor, log
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from msgspec.structs import replace

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.encode.chunks import chunk_input
from octavo.kernel.media.encode.encoders import encoder_options
from octavo.kernel.media.encode.ffmpeg import run_ffmpeg
from octavo.kernel.media.encode.filters import cascade
from octavo.kernel.media.encode.ladder import JOINABLE
from octavo.kernel.media.encode.plan import plan_chunks
from octavo.kernel.media.encode.quality import vmaf
from octavo.kernel.media.encode.rows import ChunkSpan, Rung

LARGEST = 480  # lines of a rung that is fitted
SAMPLE = 2.0  # seconds
MOST_SAMPLES = 4
SHARE = 0.04  # of the film that is sampled: a second of it costs about as much as a second of the whole ladder
# What veryfast leaves out, but for what the header would tell (references, weights): pieces of both fit together.
THOROUGH = f"{JOINABLE}:subme=7:rc-lookahead=40:trellis=1:psy=0:b-adapt=2:direct=auto"
_TRIED = (2.0, 5.0)  # added to the fixed CRF: between them thorough tools give the same quality
_BEYOND = 2.0  # and so far outside of them
_SURPLUS = 0.25  # VMAF that a fitted rung is to be better by, because samples are not the film
_LEAST_GAIN = 0.04  # of the bits; below, the tools are not worth their time
_EVERY = 3  # of so many frames one is measured


class Trial(NamedTuple):
    """What a sample came to: bits per second, and VMAF."""

    rate: float
    vmaf: float


def samples_of(source: SourceInfo) -> tuple[ChunkSpan, ...]:
    """Short pieces from all over the film; none of one too short to spend the time on."""
    count = min(MOST_SAMPLES, int(source.duration * SHARE / SAMPLE))
    frames = max(1, round(SAMPLE * source.video.frame_rate.fraction))
    usable = [span for span in plan_chunks(source) if span.frames is None or span.frames >= frames]
    usable = [span for span in usable if span.end - span.start >= SAMPLE] if count else []
    # The last of a film is often black, and the first its titles.
    inner = usable[1:-1] or usable
    picked = sorted({len(inner) * (2 * n + 1) // (2 * count) for n in range(count)}) if inner else []
    return tuple(replace(inner[n], frames=frames, segment_frames=frames) for n in picked)


async def fitted_rungs(
    path: Path,
    folder: Path,
    rungs: Sequence[Rung],
    source: SourceInfo,
    samples: Sequence[ChunkSpan],
    *,
    cancelled: asyncio.Event | None = None,
) -> tuple[Rung, ...]:
    """The same rungs, the small ones as they suit the film; unchanged where that gains nothing.

    Raises EncodeFailed or EncodeCancelled.
    """
    small = sorted((r for r in rungs if r.lines <= LARGEST and r.tools == JOINABLE), key=lambda r: -r.lines)
    if not small or not samples:
        return tuple(rungs)
    trials = [await _tried(path, folder, small, source, span, cancelled) for span in samples]
    fitted = {}
    for n, rung in enumerate(small):
        fixed, *thorough = (_mean([trial[n][way] for trial in trials]) for way in range(1 + len(_TRIED)))
        fitted[rung] = fitted_rung(rung, fixed, thorough)
    return tuple(fitted.get(rung, rung) for rung in rungs)


def fitted_rung(rung: Rung, fixed: Trial, thorough: Sequence[Trial]) -> Rung:
    """The rung with thorough tools, at the CRF that gives what the fixed ladder does, unless that saves too little."""
    low, high = thorough
    wanted = fixed.vmaf + _SURPLUS
    slope = (low.vmaf - high.vmaf) / (_TRIED[1] - _TRIED[0])
    if slope <= 0:
        # Nothing is lost by the higher one: the rate, not the quality, decides what such a picture takes.
        added = _TRIED[1] if high.vmaf >= wanted else 0.0
    else:
        added = min(_TRIED[0] + (low.vmaf - wanted) / slope, _TRIED[1] + _BEYOND)
    steps = (log(low.rate) - log(high.rate)) / (_TRIED[1] - _TRIED[0])
    expected = exp(log(low.rate) - steps * (added - _TRIED[0]))
    if added < _TRIED[0] - _BEYOND or expected > fixed.rate * (1 - _LEAST_GAIN):
        return rung
    return replace(rung, crf=rung.crf + floor(added * 4) / 4, tools=THOROUGH)


async def _tried(
    path: Path,
    folder: Path,
    rungs: Sequence[Rung],
    source: SourceInfo,
    span: ChunkSpan,
    cancelled: asyncio.Event | None,
) -> list[list[Trial]]:
    """Each rung of the sample: as the fixed ladder has it, then with thorough tools at both qualities."""
    rate = source.video.frame_rate
    arguments = [*chunk_input(path, span, source, idle=True), "-filter_complex_threads", "1"]
    graph = [cascade(source.video, span, rungs, rungs[0].name)]
    outputs: list[str] = []
    made = []
    for n, rung in enumerate(rungs):
        thorough = [replace(rung, crf=rung.crf + added, tools=THOROUGH) for added in _TRIED]
        original = folder / f"{rung.name}-original.mkv"
        ways = [folder / f"{rung.name}-{way}.mp4" for way in range(1 + len(thorough))]
        graph.append(f"[r{n}]split={1 + len(ways)}[o{n}]" + "".join(f"[w{n}{way}]" for way in range(len(ways))))
        outputs += ["-map", f"[o{n}]", "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", str(original)]
        for way, (variant, file) in enumerate(zip((rung, *thorough), ways, strict=True)):
            outputs += ["-map", f"[w{n}{way}]", *encoder_options(variant, span, rate), str(file)]
        made.append((original, ways))
    await run_ffmpeg([*arguments, "-filter_complex", ";".join(graph), *outputs], cancelled=cancelled)
    seconds = float((span.frames or 1) / rate.fraction)
    trials = []
    for original, ways in made:
        found = [await vmaf(file, original, rate, every=_EVERY, cancelled=cancelled) for file in ways]
        sizes = [file.stat().st_size * 8 / seconds for file in ways]
        trials.append([Trial(size, quality) for size, quality in zip(sizes, found, strict=True)])
    return trials


def _mean(trials: Sequence[Trial]) -> Trial:
    return Trial(fmean(trial.rate for trial in trials), fmean(trial.vmaf for trial in trials))
