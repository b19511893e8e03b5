"""The player's API: positions and playback."""

from collections.abc import AsyncIterator

import httpx

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.http import ServerEvent
from octavo.kernel.media import AssetView, Viewer
from octavo.products.video.title.rows import Title
from octavo.products.video.watch.routes import followed
from tests.products.conftest import Enter
from tests.products.video.factories import NOON, a_person, a_title, stored

TITLES = "/api/video/v1/titles"


async def test_a_position_is_kept_for_its_viewer_alone(db: Database, enter: Enter) -> None:
    nadia, other = await enter(), await enter()
    title = await stored(db, a_title(visibility="public", published_at=NOON))
    assert (await nadia.http.put(f"{TITLES}/{title.id}/position", json={"seconds": 321.5})).status_code == 204
    mine = (await nadia.http.get(f"{TITLES}/{title.id}/position")).json()
    assert (mine["seconds"], mine["finished"]) == (321.5, False)
    assert (await other.http.get(f"{TITLES}/{title.id}/position")).json()["seconds"] == 0


async def test_a_position_past_the_end_means_seen(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(db, a_title(visibility="public", published_at=NOON, duration=600.0))
    await nadia.http.put(f"{TITLES}/{title.id}/position", json={"seconds": 10_000})
    position = (await nadia.http.get(f"{TITLES}/{title.id}/position")).json()
    assert (position["seconds"], position["finished"]) == (600.0, True)


async def test_a_position_needs_a_title_that_its_viewer_may_see(
    anyone: httpx.AsyncClient, db: Database, enter: Enter
) -> None:
    private = await stored(db, a_title())
    nadia = await enter()
    assert (await nadia.http.put(f"{TITLES}/{private.id}/position", json={"seconds": 5})).status_code == 404
    assert (await anyone.put(f"{TITLES}/{private.id}/position", json={"seconds": 5})).status_code == 401


async def test_a_position_before_the_start_is_refused(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(db, a_title(visibility="public", published_at=NOON))
    answer = await nadia.http.put(f"{TITLES}/{title.id}/position", json={"seconds": -1})
    assert answer.status_code == 422


async def test_what_is_not_ready_has_no_playback_address(anyone: httpx.AsyncClient, db: Database) -> None:
    title = await stored(db, a_title(visibility="public", published_at=NOON, film_state="probing"))
    answer = await anyone.get(f"{TITLES}/{title.id}/playback")
    assert answer.status_code == 409
    assert "try again soon" in answer.json()["detail"]


async def with_film(db: Database, title: Title) -> Title:
    """The title with a film that plays and whose better qualities are still encoding."""
    await db.execute(
        """
        INSERT INTO media.asset
            (asset_id, owner_id, purpose, filename, state, size, manifest_version, created_at, changed_at)
        VALUES ($1, $2, 'video.title', 'session with Dr. Bello.mp4', 'playable', 9, 1, $3, $3)
        """,
        title.asset_id,
        title.owner_id,
        NOON,
    )
    return await stored(db, title)


async def heard(events: AsyncIterator[ServerEvent]) -> AssetView:
    event = await anext(events)
    assert isinstance(event.data, AssetView)
    return event.data


async def test_only_the_uploader_learns_what_their_file_was_called(ctx: Context, db: Database) -> None:
    owner = a_person()
    title = await with_film(db, a_title(owner, visibility="public", published_at=NOON))
    names = [
        (await heard((await followed(ctx.acting_as(who), title.id, Viewer())).events)).filename
        for who in (owner, a_person())
    ]
    assert names == ["session with Dr. Bello.mp4", ""]


async def test_who_follows_a_title_that_is_shared_no_longer_gets_no_new_addresses(ctx: Context, db: Database) -> None:
    title = await with_film(db, a_title(visibility="unlisted", published_at=NOON))
    events = (await followed(ctx.acting_as(a_person()), title.id, Viewer())).events
    assert (await heard(events)).state == "playable"
    await db.execute("UPDATE video.title SET visibility = 'private' WHERE id = $1", title.id)
    await db.execute(
        "UPDATE media.asset SET manifest_version = 2, state = 'complete' WHERE asset_id = $1", title.asset_id
    )
    assert [event.event async for event in events] == ["progress"]
