"""The ladder fitted to three films, an easy, a medium and a hard one, against the fixed ladder at equal VMAF."""

import asyncio
import tempfile
from pathlib import Path

from msgspec.structs import replace

from bench.clip import sample_clip
from bench.frame import Measure
from bench.pictures import bits_for, lossless, made, stretch
from octavo.kernel.media.encode import Rung, SourceInfo, encode_chunk, fitted_rungs, ladder, probe
from octavo.kernel.media.encode.fitting import LARGEST
from octavo.kernel.media.encode.quality import vmaf

SECONDS = 4.0  # of each film, of which a stretch of SAMPLE is what the fitting sees
SAMPLE = 2.0
AROUND = (-2.0, 0.0, 2.0)  # CRFs of the fixed ladder's curve, about its own
# Without colours of ours, each run has others.
COLOURS = "nb_colors=4:c0=0x14213d:c1=0xfca311:c2=0xe5e5e5:c3=0x8d0801:seed=3"
EASY = f"gradients=s=854x480:r=24:d={SECONDS}:speed=0.02:{COLOURS}"
HARD = (
    f"mandelbrot=s=854x480:r=24:start_scale=0.5:end_scale=0.05,trim=duration={SECONDS},noise=alls=18:allf=t:all_seed=7"
)


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        cut = ["-ss", "5", "-t", str(SECONDS), "-i", str(sample_clip()), "-vf", "scale=854:480"]
        films = {
            "easy": made(room / "easy.mp4", "-f", "lavfi", "-i", EASY),
            "medium": made(room / "medium.mp4", *cut),
            "hard": made(room / "hard.mp4", "-f", "lavfi", "-i", HARD),
        }
        return [measure for name, film in films.items() for measure in asyncio.run(_measures(name, film, room))]


async def _measures(name: str, film: Path, room: Path) -> list[Measure]:
    source = await probe(film)
    fixed = [rung for rung in ladder(source) if rung.lines <= LARGEST]
    sample = stretch(source, SAMPLE)
    fitted = await fitted_rungs(film, room, fixed, source, [sample])
    ours = peer = 0.0
    worst = 0.0
    for before, after in zip(fixed, fitted, strict=True):
        original = lossless(film, room, before)
        ours_bits, quality = await _encoded(film, room, after, source, original)
        curve = [
            await _encoded(film, room, replace(before, crf=before.crf + added), source, original) for added in AROUND
        ]
        at_equal = bits_for(quality, curve)
        print(f"{name} {before.name}: crf {after.crf:g}, VMAF {quality:.2f}, {ours_bits / at_equal:.3f} of the bits")
        ours, peer, worst = ours + ours_bits, peer + at_equal, max(worst, ours_bits / at_equal)
    goal = {"easy": 0.75, "medium": 1.0, "hard": 1.01}[name]
    kilobits = (ours / SECONDS / 1000, peer / SECONDS / 1000)
    measures = [Measure(f"{name}: rungs to {LARGEST} lines", *kilobits, goal=goal, unit="kbit/s")]
    return [*measures, Measure(f"{name}: worst of them", ours=worst, peer=1.0, goal=1.01)]


async def _encoded(film: Path, room: Path, rung: Rung, source: SourceInfo, original: Path) -> tuple[float, float]:
    """Bits, and VMAF at the rung's own size."""
    chunk = (await encode_chunk(film, room, stretch(source, SECONDS), [rung], source))[rung.name]
    return chunk.path.stat().st_size * 8.0, await vmaf(chunk.path, original, source.video.frame_rate)
