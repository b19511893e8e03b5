"""kill -9 of any process at any moment of an upload or an encode costs nothing that was stored.

Each seed chooses a victim and a moment. Whatever it is, the film becomes complete by itself, its files have the same
bytes as those of an undisturbed run, no row is doubled, no file is orphaned, no process is left behind, and `octavo
media fsck` finds nothing.
"""

import asyncio
import random
import time
from pathlib import Path

import pytest

from tests.cli.calling import octavo
from tests.faults.film import make_film
from tests.faults.patient import PatientClient, started
from tests.faults.stored import Stored, stored
from tests.faults.victims import VICTIMS, kill, strays
from tests.harness.running import RunningOctavo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SEEDS = range(10)
MORE_SEEDS = range(10, 60)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, film: Path) -> tuple[Stored, float]:
    """What a run without a fault leaves, and how many seconds it encodes."""
    running = RunningOctavo(tmp_path_factory.mktemp("undisturbed") / "octavo")
    with started(running):
        client = PatientClient(running)
        client.upload(film, lambda offset: None)
        begun = time.monotonic()
        client.wait_until_complete()
        seconds = time.monotonic() - begun
        return asyncio.run(finished(running.data_dir)), seconds


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_process_costs_nothing(
    seed: int, film: Path, undisturbed: tuple[Stored, float], tmp_path: Path
) -> None:
    strike_and_compare(seed, film, undisturbed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_a_killed_process_costs_nothing_at_many_more_moments(
    seed: int, film: Path, undisturbed: tuple[Stored, float], tmp_path: Path
) -> None:
    strike_and_compare(seed, film, undisturbed, tmp_path)


def strike_and_compare(seed: int, film: Path, undisturbed: tuple[Stored, float], tmp_path: Path) -> None:
    expected, seconds = undisturbed
    chance = random.Random(seed)
    victim = VICTIMS[seed % len(VICTIMS)]
    while_uploading = victim != "ffmpeg" and chance.random() < 0.4
    offset_of_fault = int(chance.random() * film.stat().st_size) if while_uploading else -1
    running = RunningOctavo(tmp_path / "octavo")
    with started(running):
        client = PatientClient(running)
        struck = False

        def strike_at(offset: int) -> None:
            nonlocal struck
            if while_uploading and not struck and offset + 64 * 1024 > offset_of_fault:
                struck = True
                strike(running, victim)

        client.upload(film, strike_at)
        if not while_uploading:
            time.sleep(chance.random() * seconds)
            strike(running, victim)
        client.wait_until_complete()
        left = asyncio.run(settled(running.data_dir, expected))
        sound = octavo("media", "fsck", "--deep", "--young", "--data", str(running.data_dir))
    assert (sound.returncode, sound.stderr) == (0, ""), sound.stdout
    assert left == expected
    assert strays(running) == []


def strike(running: RunningOctavo, victim: str) -> None:
    kill(running, victim)
    if victim == "supervisor":
        running.start()  # as its service manager, or a person, would


async def finished(data_dir: Path) -> Stored:
    """What is there once the storyboard has been drawn, which comes last."""
    deadline = time.monotonic() + 60
    while not (left := await stored(data_dir)).rows["sheet"]:
        assert time.monotonic() < deadline, "the film has no storyboard"
        await asyncio.sleep(0.2)
    return left


async def settled(data_dir: Path, expected: Stored) -> Stored:
    """The poster, the storyboard and the garbage are not waited for by anyone, so they get a few seconds."""
    deadline = time.monotonic() + 20
    left = await stored(data_dir)
    while left != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        left = await stored(data_dir)
    return left
