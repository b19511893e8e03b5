"""Owners add subtitles by page and by API; strangers do not, and bad files are refused with their line."""

from typing import Any

import httpx

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.media import NewAsset
from octavo.kernel.media.asset.actions import insert_asset
from octavo.products.video.title.rows import Title
from tests.products.conftest import Enter, Visitor
from tests.products.video.factories import NOON, a_title, stored

PUBLIC: dict[str, Any] = {"visibility": "public", "published_at": NOON}
GOOD = b"1\n00:00:01,000 --> 00:00:02,000\nGood morning\n"
BAD = GOOD + b"\n2\n00:00:03,000 -> 00:00:04,000\nx\n"


async def a_film_of(owner: Visitor, ctx: Context) -> Title:
    title = await stored(ctx.db.main, a_title(owner.actor, **PUBLIC))
    assert title.asset_id is not None
    async with ctx.db.main.transaction() as tx:
        await insert_asset(ctx, tx, NewAsset(title.asset_id, title.owner_id, "film.mp4", "video.title"), 1)
    return title


def of(title: Title) -> str:
    return f"/api/video/v1/titles/{title.id}/subtitles"


def form(content: bytes = GOOD, **said: str) -> dict[str, Any]:
    return {"files": {"file": ("words.srt", content)}, "data": {"language": "en", **said}}


async def test_subtitles_are_added_listed_and_removed(enter: Enter, ctx: Context, anyone: httpx.AsyncClient) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    added = await nadia.http.post(of(title), **form(language="pt_BR", label="  For the   deaf "))
    assert added.status_code == 201, added.text
    assert (added.json()["language"], added.json()["label"], added.json()["cues"]) == ("pt-BR", "For the deaf", 1)
    named = await nadia.http.post(of(title), **form(language="fra"))
    assert (named.json()["language"], named.json()["label"]) == ("fr", "Français")
    seen = (await anyone.get(of(title))).json()["items"]
    assert [one["label"] for one in seen] == ["For the deaf", "Français"]
    assert (await nadia.http.delete(f"{of(title)}/{seen[0]['name']}")).status_code == 204
    assert (await nadia.http.delete(f"{of(title)}/{seen[0]['name']}")).status_code == 404
    assert [blob.key async for blob in ctx.blobs.list(f"media/{title.asset_id}")] == [
        f"media/{title.asset_id}/subtitle/{seen[1]['name']}.vtt"
    ]


async def test_bad_files_and_languages_are_refused_and_leave_nothing(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    refused = await nadia.http.post(of(title), **form(BAD))
    assert refused.status_code == 422
    assert refused.json()["line"] == 6
    assert refused.json()["detail"].startswith("Line 6: a time is expected here")
    assert (await nadia.http.post(of(title), **form(language="???"))).status_code == 422
    assert (await nadia.http.post(of(title), **form(b""))).status_code == 422
    assert (await nadia.http.post(of(title), **form(GOOD * 60_000))).status_code == 413
    assert [blob.key async for blob in ctx.blobs.list(f"media/{title.asset_id}")] == []


async def test_only_the_owner_adds_and_removes(
    enter: Enter, ctx: Context, db: Database, anyone: httpx.AsyncClient
) -> None:
    nadia, other = await enter(), await enter()
    title = await a_film_of(nadia, ctx)
    name = (await nadia.http.post(of(title), **form())).json()["name"]
    for visitor, status in ((other.http, 403), (anyone, 401)):
        assert (await visitor.post(of(title), **form())).status_code == status
        assert (await visitor.delete(f"{of(title)}/{name}")).status_code == status
    assert (await other.http.get(f"/video/titles/{title.id}/subtitles")).status_code == 403
    hidden = await stored(db, a_title(nadia.actor))
    assert (await other.http.get(of(hidden))).status_code == 404


async def test_the_page_adds_removes_and_says_what_is_wrong(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    page = f"/video/titles/{title.id}/subtitles"
    assert f'href="{page}"' in (await nadia.http.get(f"/video/titles/{title.id}/edit")).text
    assert "No subtitles yet" in (await nadia.http.get(page)).text
    refused = await nadia.http.post(page, **form(BAD))
    assert refused.status_code == 422
    assert "Line 6: a time is expected here" in refused.text
    assert (await nadia.http.post(page, **form())).status_code == 303
    name = (await nadia.http.get(of(title))).json()["items"][0]["name"]
    assert f"{page}/{name}/remove" in (await nadia.http.get(page)).text
    assert (await nadia.http.post(f"{page}/{name}/remove")).status_code == 303
    assert (await nadia.http.get(of(title))).json()["items"] == []
