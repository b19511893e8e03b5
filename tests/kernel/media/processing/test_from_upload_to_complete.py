"""From the last byte of an upload to a film that plays in every quality."""

from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from tests.kernel.media.films import decode_errors
from tests.kernel.media.house import a_person, settled, uploaded, working


@pytest.mark.slow
async def test_a_film_becomes_complete_with_every_rung_and_its_sound(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, longer_film)
    async with working(engines):
        view = await settled(ctx, asset_id)
    assert (view.state, view.failure) == ("complete", "")
    assert view.manifest_version == 2
    assert [r.height for r in view.renditions if r.kind == "video"] == [480, 360, 240]
    assert all(r.state == "ready" and r.progress == 1 and r.bytes > 0 for r in view.renditions)
    assert view.poster_url
    keys = await ctx.db.main.column("SELECT key FROM media.rendition WHERE asset_id = $1", asset_id)
    assert [decode_errors(ctx.blobs.local_path(key)) for key in keys] == [""] * 4
