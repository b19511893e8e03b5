"""A film that somebody plays while it is encoded: its first rung goes ahead, and its files are the same."""

from pathlib import Path
from uuid import UUID

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.jobs import listed_jobs
from octavo.kernel.media import playback
from tests.kernel.media.films import a_film
from tests.kernel.media.house import a_person, settled, uploaded, working


@pytest.mark.slow
async def test_all_of_the_first_rung_goes_ahead_once_somebody_plays(engines: Engines, tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=40, size="640x360", rate="10")
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, film)
    async with working(engines, "default", "first"):
        await settled(ctx, asset_id, "playable")
    assert f"{asset_id}:first:2" not in await asked_for(ctx)
    await playback(ctx, asset_id)
    asked = await asked_for(ctx)
    assert f"{asset_id}:first:2" in asked
    await playback(ctx, asset_id)
    assert await asked_for(ctx) == asked


@pytest.mark.slow
async def test_a_film_that_was_played_has_the_same_files_as_one_that_was_not(engines: Engines, tmp_path: Path) -> None:
    film = a_film(tmp_path / "film.mp4", seconds=40, size="640x360", rate="10")
    ctx = a_person(engines)
    unplayed, played = await uploaded(ctx, film), await uploaded(ctx, film)
    async with working(engines, "default", "first"):
        for asset_id in (unplayed, played):
            await settled(ctx, asset_id, "playable")
    await playback(ctx, played)
    async with working(engines):
        for asset_id in (unplayed, played):
            assert (await settled(ctx, asset_id)).state == "complete"
    tracks = await tracks_of(ctx, unplayed)
    assert len(tracks) == 3
    assert tracks == await tracks_of(ctx, played)


async def asked_for(ctx: Context) -> list[str | None]:
    jobs = await listed_jobs(ctx.db.main, states=["running", "waiting"], name="media.encode_first_rung")
    return [job.key for job in jobs]


async def tracks_of(ctx: Context, asset_id: UUID) -> list[str]:
    sql = "SELECT sha256 FROM media.rendition WHERE asset_id = $1 ORDER BY rendition"
    return await ctx.db.main.column(sql, asset_id)
