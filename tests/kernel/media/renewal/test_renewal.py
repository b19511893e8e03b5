"""A complete film is encoded anew while it goes on playing; then players are led to new tracks, and the old ones go."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.media import PosterChoice, exports_of, offers_of, posters_of, request_export
from octavo.kernel.media.delivery.queries import delivered_renditions, find_presentation
from octavo.kernel.media.garbage.actions import collect_chunks, collect_replaced
from octavo.kernel.media.inspection.walk import inspect
from octavo.kernel.media.processing.failing import fail_asset
from octavo.kernel.media.renewal.actions import encode_anew, package_anew
from octavo.kernel.media.renewal.rules import NotComplete
from octavo.kernel.media.storyboard.queries import storyboard_of
from tests.harness.command_line import Type
from tests.kernel.media.house import a_person, eventually, settled, uploaded, view_of, working

pytestmark = pytest.mark.slow


async def a_complete_film(engines: Engines, film: Path) -> tuple[Context, UUID]:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, film)
    async with working(engines):
        assert (await settled(ctx, asset_id)).state == "complete"
    return ctx, asset_id


async def tracks(ctx: Context, asset_id: UUID, version: int) -> dict[str, str]:
    """What players of this version are led to: the hashes of its tracks by name."""
    presentation = await find_presentation(ctx.db.main, asset_id, version)
    named = [row.rendition for row in await delivered_renditions(ctx.db.main, presentation)]
    sql = "SELECT sha256 FROM media.rendition WHERE asset_id = $1 AND rendition = $2 AND state = 'ready'"
    return {name: await ctx.db.main.value(sql, asset_id, name) for name in named}


async def test_a_film_plays_on_while_it_is_encoded_anew(engines: Engines, short_film: Path, octavo_media: Type) -> None:
    ctx, asset_id = await a_complete_film(engines, short_film)
    offered = [offer.name for offer in await offers_of(ctx, asset_id)]
    await a_plain_file(ctx, asset_id, "240p.mp4")
    before = await view_of(ctx, asset_id)
    assert before is not None
    old = await tracks(ctx, asset_id, before.manifest_version)
    await encode_anew(ctx, asset_id)
    begun = await view_of(ctx, asset_id)
    assert begun is not None
    assert (begun.state, begun.progress, begun.manifest_version) == ("playable", 0.0, before.manifest_version)
    assert await tracks(ctx, asset_id, before.manifest_version) == old
    with pytest.raises(NotComplete):
        await encode_anew(ctx, asset_id)
    async with working(engines):
        after = await settled(ctx, asset_id)
    assert (after.state, after.manifest_version) == ("complete", before.manifest_version + 1)
    new = await tracks(ctx, asset_id, after.manifest_version)
    assert not set(new) & set(old)
    # The same encoder with the same settings gives the same bytes.
    assert list(new.values()) == list(old.values())
    assert await tracks(ctx, asset_id, before.manifest_version) == old
    assert (await inspect(ctx, deep=True)).faults == []
    assert [offer.name for offer in await offers_of(ctx, asset_id)] == offered
    assert await exports_of(ctx.db.main, asset_id) == [], "it was a copy of the old track"
    await a_plain_file(ctx, asset_id, "360p.mp4")

    retires_at = await ctx.db.main.value("SELECT max(retires_at) FROM media.manifest WHERE asset_id = $1", asset_id)
    due = "SELECT max(due) FROM jobs.job WHERE name = 'media.collect_chunks' AND state = 'waiting'"
    assert await ctx.db.main.value(due) > retires_at
    await when_addresses_have_expired(ctx, asset_id)
    assert await ctx.db.main.column("SELECT rendition FROM media.rendition WHERE position < 0") == []
    assert await tracks(ctx, asset_id, after.manifest_version) == new
    assert await ctx.db.main.column("SELECT name FROM media.export") == ["360p.mp4"]
    assert (await inspect(ctx, deep=True, young=True)).faults == []

    async with working(engines):
        typed = await octavo_media("re-encode", "--all", "--json")
    assert (typed.exit_code, [one["renewed"] for one in json.loads(typed.stdout)]) == (0, [True])


async def a_plain_file(ctx: Context, asset_id: UUID, name: str) -> None:
    """Asked for once, and made."""
    await request_export(ctx, asset_id, name)

    async def is_made() -> bool | None:
        return any(one.name == name and one.state == "ready" for one in await exports_of(ctx.db.main, asset_id)) or None

    async with working(ctx.engines):
        await eventually(is_made)


async def when_addresses_have_expired(ctx: Context, asset_id: UUID) -> None:
    later = replace(ctx, now=ctx.now + timedelta(seconds=2 * ctx.settings.media.playback_lifetime + 7200))
    await collect_chunks(later, asset_id)
    await collect_replaced(later, asset_id)


async def test_a_film_that_cannot_be_encoded_anew_is_what_it_was(
    engines: Engines, short_film: Path, octavo_media: Type
) -> None:
    ctx, asset_id = await a_complete_film(engines, short_film)
    before = await view_of(ctx, asset_id)
    assert before is not None
    await encode_anew(ctx, asset_id)
    async with ctx.db.main.transaction() as tx:
        await fail_asset(ctx, tx, asset_id, "Something in it stops the encoder.")
    assert await view_of(ctx, asset_id) == before
    assert (await octavo_media("re-encode", str(asset_id), "--no-wait")).exit_code == 0
    assert (await octavo_media("re-encode", str(asset_id))).exit_code == 1  # it is on its way

    async with ctx.db.main.transaction() as tx:
        await fail_asset(ctx, tx, asset_id, "Something in it stops the encoder.")
    await as_before_its_pictures(ctx, asset_id)
    assert (await octavo_media("re-package", str(asset_id))).exit_code == 0
    await its_pictures(ctx, asset_id)
    packaged = await view_of(ctx, asset_id)
    assert packaged is not None
    assert (packaged.state, packaged.manifest_version) == ("complete", before.manifest_version + 1)
    versions = [await tracks(ctx, asset_id, before.manifest_version + n) for n in (0, 1)]
    assert versions[0] == versions[1]


async def its_pictures(ctx: Context, asset_id: UUID) -> None:
    """Waits until the storyboard has been drawn, and there are frames to choose from."""

    async def frames() -> list[PosterChoice] | None:
        return await posters_of(ctx.db.main, asset_id) or None

    async with working(ctx.engines):
        await eventually(lambda: storyboard_of(ctx.db.main, asset_id))
        assert any(frame.chosen for frame in await eventually(frames))


async def as_before_its_pictures(ctx: Context, asset_id: UUID) -> None:
    """With the one poster that films had, and no storyboard."""
    await its_pictures(ctx, asset_id)
    for table in ("storyboard_sheet", "storyboard", "poster"):
        await ctx.db.main.execute(f"DELETE FROM media.{table} WHERE asset_id = $1", asset_id)


async def test_only_complete_films_are_renewed(engines: Engines, short_film: Path, octavo_media: Type) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    for renew in (encode_anew, package_anew):
        with pytest.raises(NotComplete):
            await renew(ctx, asset_id)
    assert (await octavo_media("re-encode", str(new_id()))).exit_code == 1
    assert (await octavo_media("re-encode")).exit_code == 2
    assert (await octavo_media("re-package", "not-an-id")).exit_code == 2
