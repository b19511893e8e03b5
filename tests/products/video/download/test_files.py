"""The files of a film: who may keep them, what they are called, and what a token for keeping opens."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Database
from octavo.kernel.media import playback
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.house import eventually, settled, working
from tests.products.conftest import Enter, Visitor
from tests.products.video.factories import NOON, a_title, stored

PUBLIC: dict[str, Any] = {"visibility": "public", "published_at": NOON}
OPEN: dict[str, Any] = {**PUBLIC, "downloads_allowed": True}


def files_of(title_id: object) -> str:
    return f"/api/video/v1/titles/{title_id}/files"


@pytest.mark.parametrize(("title", "status"), [(PUBLIC, 403), (OPEN, 404), ({}, 404)])
async def test_strangers_keep_what_its_owner_gives_away(
    anyone: httpx.AsyncClient, db: Database, title: dict[str, Any], status: int
) -> None:
    """Where it is allowed, only the film itself is missing here."""
    kept = await stored(db, a_title(**title))
    assert (await anyone.get(files_of(kept.id))).status_code == status
    assert (await anyone.get(f"/video/titles/{kept.id}/files")).status_code == status


async def test_only_the_owner_says_whether_files_are_given_away(db: Database, enter: Enter) -> None:
    nadia, other = await enter(), await enter()
    title = await stored(db, a_title(nadia.actor, **PUBLIC))
    address, allowed = f"/api/video/v1/titles/{title.id}", {"downloads_allowed": True}
    assert (await other.http.patch(address, json=allowed)).status_code == 403
    assert (await nadia.http.patch(address, json=allowed)).json()["downloads_allowed"] is True
    form = {"title": "Harbour at dusk", "visibility": "public"}
    assert "checked" in (await nadia.http.get(f"/video/titles/{title.id}/edit")).text
    assert (await nadia.http.post(f"/video/titles/{title.id}/edit", data=form)).status_code == 303
    assert (await nadia.http.get(address)).json()["downloads_allowed"] is False  # the box was not ticked


async def test_making_a_file_needs_an_account_and_the_right_to_keep_it(
    anyone: httpx.AsyncClient, db: Database, enter: Enter
) -> None:
    title, other = await stored(db, a_title(**PUBLIC)), await enter()
    assert (await anyone.post(files_of(title.id), json={"name": "720p.mp4"})).status_code == 401
    assert (await other.http.post(files_of(title.id), json={"name": "720p.mp4"})).status_code == 403


async def uploaded(nadia: Visitor, db: Database, film: Path) -> tuple[str, UUID]:
    """The ids of the title and its film, once the film has arrived."""
    answer = await nadia.http.post("/video/upload", files={"film": (film.name, film.read_bytes(), "video/mp4")})
    assert answer.status_code == 303, answer.text
    title_id = answer.headers["location"].split("/")[3]
    return title_id, await db.value("SELECT asset_id FROM video.title WHERE id = $1", title_id)


@pytest.mark.slow
async def test_a_film_is_kept_as_it_came_and_as_it_was_made(
    engines: Engines, ctx: Context, db: Database, enter: Enter, anyone: httpx.AsyncClient, tmp_path: Path
) -> None:
    nadia = await enter()
    film = a_film(tmp_path / "harbour.mp4", seconds=2)
    title_id, asset_id = await uploaded(nadia, db, film)
    files = await listed(nadia.http, title_id)
    assert [(file["name"], file["state"]) for file in files] == [("source", "ready")]
    await kept_as_it_came(anyone, files[0]["url"], film)
    async with working(engines):
        view = await settled(ctx, asset_id)
        assert view.state == "complete"
        assert [(file["name"], file["state"]) for file in await listed(nadia.http, title_id)][:2] == [
            ("source", "ready"),
            ("360p.mp4", "offered"),
        ]
        page = await nadia.http.post(f"/video/titles/{title_id}/files", data={"name": "360p.mp4"})
        assert page.status_code == 303
        made = await eventually(lambda: ready(nadia.http, title_id, "360p.mp4"))
    answer = await anyone.get(made["url"])
    assert answer.headers["content-type"] == "video/mp4"
    assert 'filename="harbour 360p.mp4"' in answer.headers["content-disposition"]
    (tmp_path / "kept.mp4").write_bytes(answer.content)
    assert decode_errors(tmp_path / "kept.mp4") == ""
    assert made["url"].split("?")[0] in (await nadia.http.get(f"/video/titles/{title_id}/files")).text
    await neither_token_opens_the_other(ctx, anyone, asset_id, made["url"])
    assert (await nadia.http.post(files_of(title_id), json={"name": "4320p.mp4"})).status_code == 404


async def listed(person: httpx.AsyncClient, title_id: str) -> list[dict[str, Any]]:
    answer = await person.get(files_of(title_id))
    assert answer.status_code == 200, answer.text
    files: list[dict[str, Any]] = answer.json()["files"]
    return files


async def ready(person: httpx.AsyncClient, title_id: str, name: str) -> dict[str, Any] | None:
    (file,) = [file for file in await listed(person, title_id) if file["name"] == name]
    return file if file["state"] == "ready" else None


async def kept_as_it_came(anyone: httpx.AsyncClient, url: str, film: Path) -> None:
    """By whoever has the address, in parts too, under a name of its title and as nothing that a browser shows."""
    whole = await anyone.get(url)
    assert whole.content == film.read_bytes()
    assert whole.headers["content-disposition"] == "attachment; filename=\"harbour.mp4\"; filename*=UTF-8''harbour.mp4"
    assert whole.headers["content-type"] == "application/octet-stream"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "private, no-cache"
    part = await anyone.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, film.read_bytes()[100:200])
    assert (await anyone.head(url)).headers["content-length"] == str(film.stat().st_size)
    assert (await anyone.get(url, headers={"If-None-Match": whole.headers["etag"]})).status_code == 304
    for wrong in (url.replace("/source", "/..%2Fsource"), url.replace("/source", "/720p.mp4")):
        assert (await anyone.get(wrong)).status_code == 404
    assert (await anyone.get(url.replace("hmac=", "hmac=0"))).status_code == 403


async def neither_token_opens_the_other(ctx: Context, anyone: httpx.AsyncClient, asset_id: UUID, url: str) -> None:
    """Who may watch may not keep for that, and an address of a file plays nothing."""
    watching = (await playback(ctx, asset_id)).hls_url
    play, keep = (address.split("/")[2] for address in (watching, url))
    assert (await anyone.get(watching)).status_code == 200
    assert (await anyone.get(watching.replace(play, keep))).status_code == 403
    assert (await anyone.get(url.replace(keep, play))).status_code == 403
