"""Rungs in AV1 against x264 veryfast at equal VMAF: bits, and processor time, of two scenes of real film."""

import asyncio
import resource
import tempfile
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from bench.clip import sample_clip
from bench.frame import Measure
from bench.pictures import bits_for, lossless, made, stretch
from octavo.kernel.media.encode import Rung, SourceInfo, encode_chunk, ladder, probe
from octavo.kernel.media.encode.quality import vmaf
from octavo.kernel.media.further.rules import further_rungs
from octavo.settings.media import MediaSettings

SECONDS = 4.0
AROUND = (-4.0, 0.0, 4.0)  # CRFs of x264's curve, about the ladder's own
LINES = (720, 480)  # the rungs that are measured: larger ones tell the same and take long
SCENES = {"first scene": 5, "second scene": 18}  # of the sample clip: where each begins, in seconds


class Outcome(NamedTuple):
    bits: float
    vmaf: float
    cpu: float  # seconds of all processors


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        films = {name: made(room / f"{begin}.mp4", *_scene(begin)) for name, begin in SCENES.items()}
        return [measure for name, film in films.items() for measure in asyncio.run(_measures(name, film, room))]


def _scene(begin: int) -> list[str]:
    return ["-ss", str(begin), "-t", str(SECONDS), "-i", str(sample_clip()), "-vf", "scale=1280:720"]


async def _measures(name: str, film: Path, room: Path) -> list[Measure]:
    source = await probe(film)
    rungs = [rung for rung in ladder(source) if rung.lines in LINES]
    ours = Outcome(0, 0, 0)
    peer = Outcome(0, 0, 0)
    for before, after in zip(rungs, further_rungs(MediaSettings(further_codecs=("av1",)), source, rungs), strict=True):
        original = lossless(film, room, before)
        av1 = await _encoded(film, room, after, source, original)
        curve = [await _encoded(film, room, replace(before, crf=before.crf + by), source, original) for by in AROUND]
        bits = bits_for(av1.vmaf, [(one.bits, one.vmaf) for one in curve])
        print(f"{name} {before.name}: VMAF {av1.vmaf:.2f}, {av1.bits / bits:.3f} of the bits")
        ours = Outcome(ours.bits + av1.bits, 0, ours.cpu + av1.cpu)
        peer = Outcome(peer.bits + bits, 0, peer.cpu + curve[1].cpu)
    kilobits = (ours.bits / SECONDS / 1000, peer.bits / SECONDS / 1000)
    return [
        Measure(f"{name}: bits at equal VMAF", *kilobits, goal=0.75, unit="kbit/s"),
        Measure(f"{name}: processor time", ours.cpu, peer.cpu, goal=1.3, unit="s"),
    ]


async def _encoded(film: Path, room: Path, rung: Rung, source: SourceInfo, original: Path) -> Outcome:
    before = _processor_seconds()
    chunk = (await encode_chunk(film, room, stretch(source, SECONDS), [rung], source))[rung.name]
    spent = _processor_seconds() - before
    return Outcome(chunk.path.stat().st_size * 8.0, await vmaf(chunk.path, original, source.video.frame_rate), spent)


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
