"""Holding the encoder still, so that a test may look at a film that is half encoded for as long as it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.harness.running import RunningOctavo

PATIENCE = 20.0


@contextmanager
def encoder_held(octavo: RunningOctavo) -> Iterator[None]:
    """The media worker and its ffmpeg processes stand still, and then go on. Only for while there is work to do."""
    held: list[psutil.Process] = []
    try:
        worker = _media_worker(octavo)
        held.append(worker)
        worker.suspend()  # first: what stands still starts no further ffmpeg
        for ffmpeg in worker.children(recursive=True):
            held.append(ffmpeg)
            ffmpeg.suspend()
        yield
    finally:
        for process in held:
            if process.is_running():
                process.resume()


def _media_worker(octavo: RunningOctavo) -> psutil.Process:
    """The child of the supervisor that has ffmpeg for a child."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        for child in psutil.Process(octavo.pid).children():
            if any("ffmpeg" in grandchild.name() for grandchild in child.children(recursive=True)):
                return child
        time.sleep(0.02)
    raise AssertionError("nothing is being encoded")
