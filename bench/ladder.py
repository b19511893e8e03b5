"""The whole ladder of a real 1080p film: ours in chunks and cascades, against one ffmpeg run per rung."""

import asyncio
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg

from bench.clip import lengthened, sample_clip
from bench.frame import Measure
from octavo.kernel.media.encode import (
    AudioPiece,
    ChunkSpan,
    Rung,
    SourceInfo,
    encode_audio,
    encode_chunk,
    first_rung,
    ladder,
    plan_chunks,
    probe,
    sound_of,
)
from octavo.kernel.media.packaging import join_pieces
from octavo.kernel.media.processing.rules import LEAD

FILM_SECONDS = 240.0
BUDGET = 250.0  # seconds for both together; a slow machine encodes less of the film
TRIAL_SECONDS = 4.0
WORK_PER_TRIAL = 4.0  # what both together take, in runs of the highest rung


@dataclass
class Spent:
    """What a stretch of work took: seconds of the clock, and seconds of all processors."""

    wall: float = 0.0
    cpu: float = 0.0


@dataclass
class Outputs:
    chunks: dict[str, dict[int, Path]] = field(default_factory=dict)
    sounds: list[Path] = field(default_factory=list)


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        film = lengthened(sample_clip(), _affordable_seconds(sample_clip(), room), room)
        source = asyncio.run(probe(film))
        print(f"{source.duration:.0f} seconds of film on {os.cpu_count()} processors")
        with _spending() as ours:
            asyncio.run(_ours(film, room))
        with _spending() as peer:
            _one_run_per_rung(film, room, source)
    return [
        Measure("five rungs and sound, wall clock", ours=ours.wall, peer=peer.wall, goal=0.65, unit="s"),
        Measure("five rungs and sound, processor time", ours=ours.cpu, peer=peer.cpu, goal=0.77, unit="s"),
    ]


async def _ours(film: Path, room: Path) -> None:
    """The job graph of a film that nobody plays yet, without its jobs; as many chunks at a time as processors."""
    source = await probe(film)
    rungs, spans = list(ladder(source)), plan_chunks(source)
    first = first_rung(rungs)
    others = [rung for rung in rungs if rung != first]
    outputs = Outputs()
    sound = _sound(film, room, source, outputs)
    ahead = [span for span in spans if span.start < LEAD]
    await _side_by_side([sound, *(_chunk(film, room, span, [first], source, outputs, idle=False) for span in ahead)])
    await _side_by_side(
        [_chunk(film, room, span, others if span in ahead else rungs, source, outputs, idle=True) for span in spans]
    )
    for name, chunks in outputs.chunks.items():
        await asyncio.to_thread(join_pieces, [chunks[n] for n in sorted(chunks)], room / f"{name}.mp4")
    await asyncio.to_thread(join_pieces, outputs.sounds, room / "audio.mp4")


async def _chunk(
    film: Path, room: Path, span: ChunkSpan, rungs: list[Rung], source: SourceInfo, outputs: Outputs, *, idle: bool
) -> None:
    for name, chunk in (await encode_chunk(film, room, span, rungs, source, idle=idle)).items():
        outputs.chunks.setdefault(name, {})[span.n] = chunk.path


async def _sound(film: Path, room: Path, source: SourceInfo, outputs: Outputs) -> None:
    async def keep(piece: AudioPiece) -> None:
        outputs.sounds.append(piece.path)

    await encode_audio(film, room, sound_of(source.audio[0]), source, on_piece=keep)


async def _side_by_side(work: list[Awaitable[None]]) -> None:
    places = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(task: Awaitable[None]) -> None:
        async with places:
            await task

    await asyncio.gather(*map(one, work))


def _one_run_per_rung(film: Path, room: Path, source: SourceInfo) -> None:
    """The usual way, with the same rungs, preset, rates and key frames; the sound is encoded once, as ours is."""
    group = str(round(source.video.frame_rate.fraction * 4))
    for n, rung in enumerate(ladder(source)):
        options = ["-map", "0:v", "-vf", f"scale={rung.width}:{rung.height}", "-c:v", "libx264"]
        options += ["-preset", rung.preset, "-crf", str(rung.crf), "-maxrate", str(rung.max_rate)]
        options += ["-bufsize", str(rung.buffer), "-g", group, "-keyint_min", group, "-sc_threshold", "0"]
        sound = ["-map", "0:a", "-c:a", "aac", "-b:a", "128k", "-ac", "2"] if n == 0 else []
        _ffmpeg("-i", str(film), *options, *sound, str(room / f"peer-{rung.name}.mp4"))


def _affordable_seconds(clip: Path, room: Path) -> float:
    begin = time.perf_counter()
    options = ["-t", str(TRIAL_SECONDS), "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"]
    _ffmpeg("-i", str(clip), *options, str(room / "trial.mp4"))
    per_second = (time.perf_counter() - begin) / TRIAL_SECONDS * WORK_PER_TRIAL
    return round(min(FILM_SECONDS, max(30.0, BUDGET / per_second)))


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *arguments], check=True)


@contextmanager
def _spending() -> Iterator[Spent]:
    spent, begin, before = Spent(), time.perf_counter(), _processor_seconds()
    yield spent
    spent.wall, spent.cpu = time.perf_counter() - begin, _processor_seconds() - before


def _processor_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
