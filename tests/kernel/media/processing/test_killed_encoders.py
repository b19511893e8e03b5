"""kill -9 of ffmpeg itself: nobody takes it for a broken film."""

import contextlib
from pathlib import Path

import psutil
import pytest

from octavo.kernel.context import Engines
from tests.kernel.media.films import decode_errors
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working
from tests.kernel.media.processing.test_deleting import our_encoders

KILLS = 4


@pytest.mark.slow
async def test_a_killed_encoder_is_started_again(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, longer_film)
    killed: set[int] = set()

    async def kill_another() -> bool | None:
        for pid in our_encoders():
            if pid not in killed and len(killed) < KILLS:
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(pid).kill()
                    killed.add(pid)
        return len(killed) == KILLS or None

    async with working(engines):
        await eventually(kill_another)
        view = await settled(ctx, asset_id)
    assert (view.state, view.failure) == ("complete", "")
    keys = await ctx.db.main.column("SELECT key FROM media.rendition WHERE asset_id = $1", asset_id)
    assert {decode_errors(ctx.blobs.local_path(key)) for key in keys} == {""}
