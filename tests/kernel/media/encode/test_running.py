"""Running ffmpeg: what ends it from outside says nothing about the film."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from octavo.kernel.media.encode import EncodeInterrupted
from octavo.kernel.media.encode.ffmpeg import run_ffmpeg


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_what_a_signal_ends_was_interrupted(sent: signal.Signals, tmp_path: Path) -> None:
    made = tmp_path / "made.mp4"
    slow = ["-re", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=600"]
    begun = asyncio.Event()
    running = asyncio.create_task(run_ffmpeg([*slow, "-c:v", "mpeg4", str(made)], on_time=lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)  # it listens to signals by then
    for child in children_that_make(made):
        child.send_signal(sent)
    with pytest.raises(EncodeInterrupted):
        await asyncio.wait_for(running, 60)


def children_that_make(made: Path) -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # of other tests, and just ended
            if str(made) in child.cmdline():
                found.append(child)
    return found
