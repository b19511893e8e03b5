"""The first page: what it shows to whom."""

import httpx

from octavo.kernel.db import Database
from tests.products.conftest import Enter
from tests.products.video.factories import NOON, a_title, stored

PUBLIC = {"visibility": "public", "published_at": NOON}


async def test_a_fresh_installation_says_what_to_do_next(anyone: httpx.AsyncClient) -> None:
    page = (await anyone.get("/video")).text
    assert "Nothing to watch yet" in page
    assert 'href="/video/upload"' in page


async def test_anyone_browses_public_films(anyone: httpx.AsyncClient, db: Database) -> None:
    await stored(db, a_title(title="Harbour at dawn", **PUBLIC))
    await stored(db, a_title(title="Secret harbour"))
    page = (await anyone.get("/video")).text
    assert "Harbour at dawn" in page
    assert "Secret harbour" not in page


async def test_what_someone_began_comes_first(db: Database, enter: Enter) -> None:
    begun = await stored(db, a_title(title="Begun film", **PUBLIC))
    seen = await stored(db, a_title(title="Seen film", **PUBLIC))
    nadia = await enter()
    await nadia.http.put(f"/api/video/v1/titles/{begun.id}/position", json={"seconds": 120})
    await nadia.http.put(f"/api/video/v1/titles/{seen.id}/position", json={"seconds": 599})
    page = (await nadia.http.get("/video")).text
    row = page.partition("Continue watching")[2].partition("</section>")[0]
    assert "Begun film" in row
    assert "Seen film" not in row


async def test_a_begun_film_that_is_hidden_again_is_not_offered(db: Database, enter: Enter) -> None:
    begun = await stored(db, a_title(title="Begun film", **PUBLIC))
    nadia = await enter()
    await nadia.http.put(f"/api/video/v1/titles/{begun.id}/position", json={"seconds": 120})
    await db.execute("UPDATE video.title SET visibility = 'private' WHERE id = $1", begun.id)
    assert "Begun film" not in (await nadia.http.get("/video")).text


async def test_the_page_of_a_tag_lists_its_films(anyone: httpx.AsyncClient, db: Database) -> None:
    await stored(db, a_title(title="Harbour at dawn", hashtags=["sea"], **PUBLIC))
    assert "Harbour at dawn" in (await anyone.get("/video/tags/Sea")).text
    assert "No film has this tag" in (await anyone.get("/video/tags/mountain")).text
    assert (await anyone.get("/video/tags/%23%23")).status_code == 404
