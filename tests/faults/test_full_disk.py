"""A disk that is full for a while, at any moment of an upload or an encode, costs a film nothing but time.

The store and everything on its way there lie on a small disk in memory, mounted for the test. It is filled to its last
byte, stays so until something met it, and is given free again.
"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.patient import started
from tests.faults.trial import Moment, Undisturbed, judge, live_through, moment
from tests.faults.victims import strays
from tests.harness.running import RunningOctavo

SMALL = 48  # MiB
FULL_SECONDS, LONGEST_FULL = 0.5, 60.0
SIGNS = ("no room left", "No space left on device", '"status":507')


def _may_mount() -> bool:
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )  # in a namespace of its own, which ends with it
    return tried.returncode == 0


MAY_MOUNT = bool(shutil.which("unshare")) and _may_mount()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.borrowed,
    pytest.mark.skipif(not MAY_MOUNT, reason="only root may mount a small disk"),
]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningOctavo]:
    running = RunningOctavo(tmp_path / "octavo", OCTAVO_MEDIA_FREE_DISK_BYTES="0")
    small = running.data_dir / "blobs"
    small.mkdir(parents=True)
    running.data_dir.chmod(0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}m", "tmpfs", str(small)], check=True)
    try:
        yield running
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)


def test_a_disk_that_is_full_when_the_encode_begins_costs_only_time(
    running: RunningOctavo, film: Path, undisturbed: Undisturbed
) -> None:
    fill_and_compare(running, film, undisturbed, Moment(None, 0.0))
    assert met_a_full_disk(running)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_a_disk_that_is_full_at_any_moment_costs_only_time(
    seed: int, running: RunningOctavo, film: Path, undisturbed: Undisturbed
) -> None:
    chance = random.Random(seed)
    # The first while it is uploaded, where it is refused with a 507 and goes on later.
    when = moment(chance, film, 0.8 * undisturbed.seconds, while_uploading=float(seed == 0))
    fill_and_compare(running, film, undisturbed, when)


def fill_and_compare(running: RunningOctavo, film: Path, undisturbed: Undisturbed, when: Moment) -> None:
    with started(running):
        live_through(running, film, when, lambda: be_full(running))
        judge(running, undisturbed.stored)
    assert strays(running) == []


def be_full(running: RunningOctavo) -> None:
    """From now on no byte more, until that was felt and a moment longer."""
    ballast = running.data_dir / "blobs" / "ballast"
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    for block in (1 << 20, 4096, 1):
        with suppress(OSError):
            while True:
                os.write(descriptor, b"0" * block)
    os.close(descriptor)
    give_up = time.monotonic() + LONGEST_FULL
    while not met_a_full_disk(running) and time.monotonic() < give_up:
        time.sleep(0.1)
    time.sleep(FULL_SECONDS)
    ballast.unlink()


def met_a_full_disk(running: RunningOctavo) -> bool:
    logged = running.logged()
    return any(sign in logged for sign in SIGNS)
