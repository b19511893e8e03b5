"""One film on its way through faults: struck at a moment that a seed chooses, and judged by what is left of it."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.cli.calling import octavo
from tests.faults.patient import PIECE, PatientClient, started
from tests.faults.readable import only_key, under
from tests.faults.stored import Digests, Stored, database_of, differences, local_digests, stored
from tests.faults.victims import VICTIMS, kill, strays
from tests.harness.running import RunningOctavo

ENCRYPTING = {"OCTAVO_MEDIA_ENCRYPTION": "clear-key"}


class Undisturbed(NamedTuple):
    """What a run without a fault leaves, the same as whoever plays it gets it, and how many seconds it encodes."""

    stored: Stored
    readable: Stored
    seconds: float


class Moment(NamedTuple):
    """When a fault comes: at an offset of the upload, or so many seconds after it."""

    offset: int | None
    seconds: float


def moment(chance: random.Random, film: Path, seconds: float, *, while_uploading: float) -> Moment:
    """During the upload with this likelihood, and during the encode otherwise."""
    if chance.random() < while_uploading:
        return Moment(int(chance.random() * film.stat().st_size), 0.0)
    return Moment(None, chance.random() * seconds)


def kill_and_compare(seed: int, film: Path, undisturbed: Undisturbed, data_dir: Path) -> None:
    """Every fifth film is encrypted, which in the end meets every victim. Its bytes are unlike those of any other run,
    whose keys are others: what comes out under its key is compared.
    """
    chance, victim = random.Random(seed), VICTIMS[seed % len(VICTIMS)]
    encrypted = seed % 5 == 2
    running = RunningOctavo(data_dir, **(ENCRYPTING if encrypted else {}))
    when = moment(chance, film, undisturbed.seconds, while_uploading=0.0 if victim == "ffmpeg" else 0.4)
    with started(running):
        live_through(running, film, when, lambda: kill_one(running, victim))
        if encrypted:
            judge(running, undisturbed.readable, under(asyncio.run(only_key(data_dir))))
        else:
            judge(running, undisturbed.stored)
    assert strays(running) == []


def kill_one(running: RunningOctavo, victim: str) -> None:
    kill(running, victim)
    if victim == "supervisor":
        running.start()  # as its service manager, or a person, would


def live_through(running: RunningOctavo, film: Path, when: Moment, strike: Callable[[], None]) -> None:
    """The film goes up and becomes complete, whatever happens at that moment."""
    client = PatientClient(running)
    struck = False

    def strike_at(offset: int) -> None:
        nonlocal struck
        if when.offset is not None and not struck and offset + PIECE > when.offset:
            struck = True
            strike()

    client.upload(film, strike_at)
    if not struck:
        time.sleep(when.seconds)
        strike()
    client.wait_until_complete()


def judge(
    running: RunningOctavo,
    expected: Stored,
    digests: Digests = local_digests,
    **environment: str,
) -> None:
    """The same files and rows as without a fault, and nothing besides."""
    left = asyncio.run(settled(partial(stored, running.data_dir, digests), expected))
    sound = octavo("media", "fsck", "--deep", "--young", "--data", str(running.data_dir), **environment)
    assert (sound.returncode, sound.stderr) == (0, ""), sound.stdout
    assert left == expected, differences(left, expected)


async def finished(data_dir: Path) -> tuple[Stored, Stored]:
    """What is there once nobody works on it any more: as it lies there, and as it is played."""
    deadline = time.monotonic() + 120
    while await busy(data_dir) or not is_tidy(left := await stored(data_dir)):
        assert time.monotonic() < deadline, "the film has no storyboard, or something beside it stays"
        await asyncio.sleep(0.2)
    return left, await stored(data_dir, under(None))


async def busy(data_dir: Path) -> bool:
    async with database_of(data_dir) as connection:
        sql = "SELECT EXISTS (SELECT FROM jobs.job WHERE state = 'running' OR (state = 'waiting' AND due <= now()))"
        return bool(await connection.fetchval(sql))


def is_tidy(left: Stored) -> bool:
    """The storyboard has been drawn, which comes last, and every step has tidied up after it."""
    return bool(left.rows["sheet"]) and not left.orphans and not left.unpublished


async def settled(look: Callable[[], Awaitable[Stored]], expected: Stored) -> Stored:
    """The poster, the storyboard and the garbage are not waited for by anyone, so they get a while: a step that met a
    full disk a few times waits for half a minute before it tries again.
    """
    deadline = time.monotonic() + 120
    left = await look()
    while left != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        left = await look()
    return left
