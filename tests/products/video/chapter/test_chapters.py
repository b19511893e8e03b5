"""Owners name the chapters of a film by page and by API; what is wrong is said with its place."""

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.media import BadChapters, Chapter
from octavo.products.video.chapter.text import read_chapters, written_chapters
from octavo.products.video.title.rows import Title
from tests.products.conftest import Enter
from tests.products.video.factories import a_title, stored
from tests.products.video.subtitle.test_subtitles import a_film_of

ITEMS = [{"start": 0, "title": "Arrival"}, {"start": 3723.5, "title": "The river"}]


def of(title: Title) -> str:
    return f"/api/video/v1/titles/{title.id}/chapters"


def test_lines_are_read_as_people_write_them() -> None:
    assert read_chapters("0:00 Arrival\n\n 4:30 - The  river\n1:02:03,5 Home\n90:00 Late\n") == [
        Chapter(0, "Arrival"),
        Chapter(270_000, "The  river"),
        Chapter(3_723_500, "Home"),
        Chapter(5_400_000, "Late"),
    ]
    lines = "0:00 Arrival\n4:30 The river\n1:02:03.500 Home"
    assert written_chapters(read_chapters(lines)) == lines


@pytest.mark.parametrize("line", ["Arrival", "1:75 x", "1:60:00 x", "12 x", "0:10"])
def test_a_line_without_a_time_or_a_title_is_refused(line: str) -> None:
    with pytest.raises(BadChapters, match="Chapter 2: "):
        read_chapters(f"0:00 Fine\n{line}")


async def test_chapters_are_put_listed_and_taken_away(enter: Enter, ctx: Context, anyone: httpx.AsyncClient) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    put = await nadia.http.put(of(title), json={"items": ITEMS[::-1]})
    assert put.status_code == 200, put.text
    assert put.json()["items"] == (await anyone.get(of(title))).json()["items"] == ITEMS
    refused = await nadia.http.put(of(title), json={"items": [{"start": 1, "title": ""}]})
    assert (refused.status_code, refused.json()["place"]) == (422, 1)
    assert (await nadia.http.put(of(title), json={"items": []})).json()["items"] == []


async def test_only_the_owner_changes_them(enter: Enter, ctx: Context, db: Database, anyone: httpx.AsyncClient) -> None:
    nadia, other = await enter(), await enter()
    title = await a_film_of(nadia, ctx)
    assert (await other.http.put(of(title), json={"items": ITEMS})).status_code == 403
    assert (await anyone.put(of(title), json={"items": ITEMS})).status_code == 401
    assert (await other.http.get(f"/video/titles/{title.id}/chapters")).status_code == 403
    hidden = await stored(db, a_title(nadia.actor))
    assert (await other.http.get(of(hidden))).status_code == 404


async def test_the_page_keeps_what_was_written_until_it_is_right(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    page = f"/video/titles/{title.id}/chapters"
    assert f'href="{page}"' in (await nadia.http.get(f"/video/titles/{title.id}/edit")).text
    refused = await nadia.http.post(page, data={"chapters": "0:00 Arrival\nThe river"})
    assert refused.status_code == 422
    assert "Chapter 2: write its time" in refused.text
    assert "0:00 Arrival\nThe river" in refused.text
    assert (await nadia.http.post(page, data={"chapters": "0:00 Arrival\n1:02:03.5 The river"})).status_code == 303
    assert (await nadia.http.get(of(title))).json()["items"] == ITEMS
    assert "1:02:03.500 The river" in (await nadia.http.get(page)).text
