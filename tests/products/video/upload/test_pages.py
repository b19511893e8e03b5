"""The upload page and its plain form."""

import httpx
import pytest

from octavo.kernel.db import Database
from octavo.products.video.title import queries
from octavo.products.video.upload import actions
from tests.products.conftest import Enter

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def test_the_page_works_without_javascript(enter: Enter) -> None:
    nadia = await enter()
    page = (await nadia.http.get("/video/upload")).text
    assert 'action="/video/upload"' in page
    assert 'enctype="multipart/form-data"' in page


async def test_a_plain_form_brings_several_films(db: Database, enter: Enter) -> None:
    nadia = await enter()
    files = [
        ("film", ("harbour_at_dawn.mp4", b"first film", "video/mp4")),
        ("film", ("../../evil.mkv", b"second film", "video/x-matroska")),
    ]
    answer = await nadia.http.post("/video/upload", files=files, headers=SAME_SITE)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/video/mine")
    assert nadia.actor.user_id is not None
    titles = await queries.titles_of_owner(db, nadia.actor.user_id, limit=9)
    assert {title.title for title in titles.items} == {"harbour at dawn", "evil"}


async def test_a_form_brings_only_so_many_films_at_a_time(
    db: Database, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FILMS_PER_FORM", 2)
    nadia = await enter()
    files = [("film", (f"{n}.mp4", b"a film", "video/mp4")) for n in range(3)]
    answer = await nadia.http.post("/video/upload", files=files, headers=SAME_SITE)
    assert answer.status_code == 422
    assert "The first 2 have arrived." in answer.text
    assert "ratelimit" in answer.headers
    assert nadia.actor.user_id is not None
    assert len((await queries.titles_of_owner(db, nadia.actor.user_id, limit=9)).items) == 2


async def test_one_film_leads_to_its_processing_page(enter: Enter) -> None:
    nadia = await enter()
    answer = await nadia.http.post(
        "/video/upload", files={"film": ("harbour.mp4", b"a film", "video/mp4")}, headers=SAME_SITE
    )
    assert answer.headers["location"].endswith("/processing")
    assert "harbour" in (await nadia.http.get(answer.headers["location"])).text


async def test_a_form_without_a_film_says_so(enter: Enter) -> None:
    nadia = await enter()
    answer = await nadia.http.post("/video/upload", files={"film": ("", b"", "")}, headers=SAME_SITE)
    assert answer.status_code == 422
    assert "Choose a film" in answer.text


async def test_visitors_sign_in_before_they_upload(anyone: httpx.AsyncClient) -> None:
    assert (await anyone.get("/video/upload")).status_code == 303
