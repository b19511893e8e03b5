"""The player's API: positions and playback."""

import httpx

from octavo.kernel.db import Database
from tests.products.video.conftest import Enter
from tests.products.video.factories import NOON, a_title, stored

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
