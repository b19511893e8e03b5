"""A long film from its upload on: its beginning as the fixed ladder has it, the rest fitted to it."""

from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.media.encode.fitting import THOROUGH
from octavo.kernel.media.processing.rules import LEAD
from tests.kernel.media.films import decode_errors
from tests.kernel.media.house import a_person, settled, uploaded, working
from tests.kernel.media.numbered import made_by_ffmpeg

# Without colours of ours, each run has others.
COLOURS = "nb_colors=4:c0=0x14213d:c1=0xfca311:c2=0xe5e5e5:c3=0x8d0801:seed=3"
EASY = f"gradients=s=192x108:r=6:d=101:speed=0.01:{COLOURS}"


@pytest.mark.slow
async def test_the_rest_of_a_long_film_is_fitted_to_it(engines: Engines, tmp_path: Path) -> None:
    keys = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "12", "-pix_fmt", "yuv420p")
    film = made_by_ffmpeg("-f", "lavfi", "-i", EASY, *keys, tmp_path / "easy.mp4")
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, film)
    async with working(engines):
        view = await settled(ctx, asset_id)
    assert view.state == "complete"
    db = ctx.db.main
    assert await db.value("SELECT unfitted FROM media.asset WHERE asset_id = $1", asset_id) is False
    sql = "SELECT parameters ->> 'tools' FROM media.rendition WHERE asset_id = $1 AND kind = 'video'"
    assert await db.column(sql, asset_id) == [THOROUGH]
    key = await db.value("SELECT key FROM media.rendition WHERE asset_id = $1 AND kind = 'video'", asset_id)
    assert decode_errors(ctx.blobs.local_path(key)) == ""
    assert view.duration > LEAD
