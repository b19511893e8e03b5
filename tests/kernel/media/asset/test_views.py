"""What people see of an asset: how far each rung is, how far the whole, and never a deleted one."""

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.media import NewAsset, asset_views, delete_asset
from octavo.kernel.media.asset.actions import insert_asset
from octavo.kernel.media.asset.queries import bytes_of_owner
from octavo.kernel.media.asset.rows import AssetId
from tests.kernel.media.house import TESTED, a_person, view_of

RUNGS = (("480p", 854, 480), ("1080p", 1920, 1080))


async def an_asset(ctx: Context, *, size: int = 1000, state: str = "playable", duration: float = 100) -> AssetId:
    assert ctx.actor.user_id is not None
    new = NewAsset(new_id(), ctx.actor.user_id, "film.mp4", TESTED.name)
    async with ctx.db.main.transaction() as tx:
        await insert_asset(ctx, tx, new, size)
        sql = "UPDATE media.asset SET state = $2, duration = $3 WHERE asset_id = $1"
        await tx.execute(sql, new.asset_id, state, duration)
    return new.asset_id


async def a_rung(ctx: Context, asset_id: AssetId, name: str, *chunks: tuple[float, float]) -> None:
    """A rendition with chunks of so many seconds, each done to a fraction."""
    place, (_, width, height) = next((n, rung) for n, rung in enumerate(RUNGS) if rung[0] == name)
    await ctx.db.main.execute(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, width, height, parameters, state)
        VALUES ($1, $2, 'video', $3, 'h264', $4, $5, '{}', 'encoding')
        """,
        asset_id, name, place, width, height,
    )  # fmt: skip
    starts = 0.0
    for n, (seconds, done) in enumerate(chunks):
        await ctx.db.main.execute(
            """
            INSERT INTO media.chunk (asset_id, rendition, n, state, starts, ends, progress, bytes)
            VALUES ($1, $2, $3, 'queued', $4, $5, $6, 500)
            """,
            asset_id, name, n, starts, starts + seconds, done,
        )  # fmt: skip
        starts += seconds


async def test_a_rung_is_as_far_as_its_seconds_are(engines: Engines) -> None:
    ctx = a_person(engines)
    asset_id = await an_asset(ctx)
    await a_rung(ctx, asset_id, "480p", (10, 1), (60, 0.5), (30, 0))
    view = await view_of(ctx, asset_id)
    assert view is not None
    assert [(rung.height, rung.progress, rung.bytes) for rung in view.renditions] == [(480, 0.4, 1500)]


async def test_rungs_weigh_by_what_they_cost(engines: Engines) -> None:
    ctx = a_person(engines)
    asset_id = await an_asset(ctx)
    await a_rung(ctx, asset_id, "480p", (100, 1))
    await a_rung(ctx, asset_id, "1080p", (100, 0))
    view = await view_of(ctx, asset_id)
    assert view is not None
    assert view.progress == pytest.approx(854 * 480 / (854 * 480 + 1920 * 1080), abs=0.001)


async def test_only_a_complete_film_is_at_its_end(engines: Engines) -> None:
    ctx = a_person(engines)
    encoded, complete = await an_asset(ctx), await an_asset(ctx, state="complete")
    await a_rung(ctx, encoded, "480p", (100, 1))
    views = await asset_views(ctx.db.main, [encoded, complete, new_id()])
    assert views.keys() == {encoded, complete}
    assert views[encoded].progress < 1
    assert views[complete].progress == 1


async def test_a_deleted_film_is_neither_seen_nor_counted(engines: Engines) -> None:
    ctx = a_person(engines)
    kept, deleted = await an_asset(ctx, size=1000), await an_asset(ctx, size=500)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, deleted)
    assert (await asset_views(ctx.db.main, [kept, deleted])).keys() == {kept}
    assert ctx.actor.user_id is not None
    assert await bytes_of_owner(ctx.db.main, ctx.actor.user_id) == 1000
