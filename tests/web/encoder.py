"""Holding the encoder still, so that a test may look at a film that is half encoded for as long as it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from tests.harness.running import RunningOctavo

PATIENCE = 60.0


@contextmanager
def encoder_held(octavo: RunningOctavo) -> Iterator[None]:
    """The media worker and its ffmpeg processes stand still, and then go on. Only for while there is work to do."""
    held: list[psutil.Process] = []
    try:
        worker = _media_worker(octavo)
        held.append(worker)
        worker.suspend()  # first: what stands still starts no further ffmpeg
        for ffmpeg in worker.children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it ended just now
                ffmpeg.suspend()
                held.append(ffmpeg)
        yield
    finally:
        for process in held:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def _media_worker(octavo: RunningOctavo) -> psutil.Process:
    """The child of the supervisor that has ffmpeg for a child."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        for child in psutil.Process(octavo.pid).children():
            if _has_ffmpeg(child):
                return child
        time.sleep(0.02)
    raise AssertionError("nothing is being encoded")


def _has_ffmpeg(process: psutil.Process) -> bool:
    """Processes below it come and go while they are looked at."""
    with suppress(psutil.NoSuchProcess):
        for below in process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "ffmpeg" in below.name():
                    return True
    return False
