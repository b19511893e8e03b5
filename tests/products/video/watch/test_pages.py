"""The watch page and the processing page."""

import httpx

from octavo.kernel.db import Database
from tests.products.conftest import Enter
from tests.products.video.factories import NOON, a_title, stored

PUBLIC = {"visibility": "public", "published_at": NOON}


async def test_a_film_that_is_being_prepared_says_so_to_viewers(anyone: httpx.AsyncClient, db: Database) -> None:
    title = await stored(db, a_title(film_state="probing", **PUBLIC))
    page = await anyone.get(f"/video/titles/{title.id}")
    assert page.status_code == 200
    assert "This film is being prepared" in page.text


async def test_its_owner_is_led_to_the_processing_page(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(db, a_title(nadia.actor, film_state="uploading"))
    answer = await nadia.http.get(f"/video/titles/{title.id}")
    assert answer.headers["location"] == f"/video/titles/{title.id}/processing"
    page = await nadia.http.get(answer.headers["location"])
    assert "Receiving the file" in page.text
    assert "Look again" in page.text


async def test_only_the_owner_sees_the_processing_page(anyone: httpx.AsyncClient, db: Database, enter: Enter) -> None:
    title = await stored(db, a_title(**PUBLIC))
    other = await enter()
    assert (await other.http.get(f"/video/titles/{title.id}/processing")).status_code == 403
    assert (await anyone.get(f"/video/titles/{title.id}/processing")).status_code == 303


async def test_a_private_title_is_not_found_by_others(anyone: httpx.AsyncClient, db: Database) -> None:
    title = await stored(db, a_title())
    page = await anyone.get(f"/video/titles/{title.id}")
    assert page.status_code == 404
    assert "not shared with you" in page.text


async def test_a_failed_film_says_why(db: Database, enter: Enter) -> None:
    nadia = await enter()
    title = await stored(db, a_title(nadia.actor, film_state="failed", film_failure="This file holds no video."))
    page = await nadia.http.get(f"/video/titles/{title.id}", follow_redirects=True)
    assert "This file holds no video." in page.text
