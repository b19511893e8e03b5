"""A machine works on as much at a time as it is told to, and what nobody waits for stands back."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from octavo.kernel.context import Engines
from octavo.kernel.media import steps_at_a_time
from octavo.settings import load_settings
from octavo.settings.media import MediaSettings
from tests.kernel.media.house import a_person, settled, uploaded, working


def test_the_processors_decide_unless_somebody_has() -> None:
    own = steps_at_a_time(MediaSettings())
    assert own["bulk"] >= 1
    assert own == {**own, "live": 4, "first": 2}
    assert steps_at_a_time(MediaSettings(live_at_a_time=1, first_at_a_time=7, bulk_at_a_time=3)) == {
        "live": 1,
        "first": 7,
        "bulk": 3,
    }


def test_the_environment_of_a_machine_sets_its_limits(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, environ={"OCTAVO_MEDIA_BULK_AT_A_TIME": "5"})
    assert steps_at_a_time(settings.media)["bulk"] == 5


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="SCHED_IDLE is Linux's")
async def test_chunks_that_nobody_waits_for_run_at_idle_priority(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, longer_film)
    async with working(engines):
        await settled(ctx, asset_id, "playable")
        seen: set[int] = set()
        looking = asyncio.create_task(_watch_policies(seen))
        await settled(ctx, asset_id)
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
    assert os.SCHED_IDLE in seen


async def _watch_policies(seen: set[int]) -> None:
    """Note by which policies our own ffmpegs are scheduled."""
    while True:
        for child in psutil.Process().children():
            with suppress(psutil.Error, ProcessLookupError):
                if child.name().startswith("ffmpeg"):
                    seen.add(os.sched_getscheduler(child.pid))
        await asyncio.sleep(0.01)
