"""From the last byte of an upload to a film that plays in every quality."""

from pathlib import Path
from uuid import UUID

import pytest

from octavo.kernel.context import Context, Engines
from tests.kernel.media.films import decode_errors
from tests.kernel.media.house import a_person, eventually, settled, uploaded, view_of, working


@pytest.mark.slow
async def test_a_film_becomes_complete_with_every_rung_and_its_sound(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, longer_film)
    async with working(engines):
        view = await settled(ctx, asset_id)
        assert await eventually(lambda: poster_of(ctx, asset_id))
    assert (view.state, view.failure) == ("complete", "")
    assert view.manifest_version == 2
    assert [r.height for r in view.renditions if r.kind == "video"] == [480, 360, 240]
    assert all(r.state == "ready" and r.progress == 1 and r.bytes > 0 for r in view.renditions)
    keys = await ctx.db.main.column("SELECT key FROM media.rendition WHERE asset_id = $1", asset_id)
    assert [decode_errors(ctx.blobs.local_path(key)) for key in keys] == [""] * 4


async def poster_of(ctx: Context, asset_id: UUID) -> str | None:
    """The address of its poster, which no film waits for."""
    view = await view_of(ctx, asset_id)
    return (view.poster_url or None) if view else None
