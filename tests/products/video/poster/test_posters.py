"""Owners choose the picture of a film and bring their own; strangers do not, and what is no picture is refused."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from octavo.kernel.context import Context
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.encode import EncodeInterrupted
from octavo.kernel.media.posters.actions import frame_of, keep_frames
from octavo.kernel.media.processing.actions import Stored
from octavo.products.video.title.rows import Title
from tests.products.conftest import Enter
from tests.products.video.subtitle.test_subtitles import a_film_of

pytestmark = pytest.mark.slow


def a_picture(kind: str = "PNG", size: tuple[int, int] = (1920, 1080), **how: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(file, kind, **how)
    return file.getvalue()


def of(title: Title) -> str:
    return f"/api/video/v1/titles/{title.id}/posters"


def form(content: bytes, name: str = "cover.png") -> dict[str, Any]:
    return {"files": {"file": (name, content)}}


async def with_frames(ctx: Context, title: Title) -> None:
    """As the step leaves them that looks for telling frames."""
    assert title.asset_id is not None
    async with ctx.db.main.transaction() as tx:
        asset = await lock_asset(tx, title.asset_id)
        assert asset is not None
        files = [Stored(f"media/{title.asset_id}/poster/{n}.jpg", f"{n}" * 64, 10) for n in range(3)]
        frames = [frame_of(ctx, title.asset_id, n, at=n * 60.0, file=file) for n, file in enumerate(files)]
        await keep_frames(ctx, tx, asset, frames)


async def shown(http: httpx.AsyncClient, title: Title) -> list[str]:
    return [item["name"] for item in (await http.get(of(title))).json()["items"] if item["chosen"]]


async def test_a_frame_is_shown_until_another_picture_is_chosen(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    await with_frames(ctx, title)
    assert await shown(nadia.http, title) == ["frame-0"]
    assert (await nadia.http.post(f"{of(title)}/frame-2/choose")).status_code == 204
    await with_frames(ctx, title)
    assert await shown(nadia.http, title) == ["frame-2"], "a step that runs again changes no choice"
    own = (await nadia.http.post(of(title), **form(a_picture()))).json()
    await with_frames(ctx, title)
    assert await shown(nadia.http, title) == [own["name"]]
    picture = await nadia.http.get(own["url"])
    assert picture.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(picture.content)) as made:
        assert (made.format, made.size) == ("JPEG", (1280, 720))
    assert (await nadia.http.delete(f"{of(title)}/{own['name']}")).status_code == 204
    assert await shown(nadia.http, title) == ["frame-0"]
    assert (await nadia.http.get(own["url"])).status_code == 404
    assert [blob.key async for blob in ctx.blobs.list(f"media/{title.asset_id}")] == []
    assert (await nadia.http.delete(f"{of(title)}/frame-1")).status_code == 409


@pytest.mark.parametrize("error", [EncodeInterrupted("ffmpeg ended with -9."), TimeoutError()])
async def test_a_picture_whose_making_was_cut_off_may_be_sent_again(
    enter: Enter, ctx: Context, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)

    async def cut_off(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as busy:
        busy.setattr("octavo.kernel.media.posters.picture.run_ffmpeg", cut_off)
        refused = await nadia.http.post(of(title), **form(a_picture()))
    assert refused.status_code == 503
    assert (await nadia.http.post(of(title), **form(a_picture()))).status_code == 201


@pytest.mark.parametrize(("kind", "turned"), [("JPEG", True), ("WEBP", False)])
async def test_a_picture_loses_its_notes_and_stands_upright(
    enter: Enter, ctx: Context, kind: str, turned: bool
) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    notes = Image.Exif()
    notes[0x010E] = "taken at home"
    if turned:
        notes[0x0112] = 6  # as phones write it that were held upright
    added = await nadia.http.post(of(title), **form(a_picture(kind, (900, 300) if turned else (300, 900), exif=notes)))
    assert added.status_code == 201, added.text
    content = (await nadia.http.get(added.json()["url"])).content
    assert b"taken at home" not in content
    with Image.open(io.BytesIO(content)) as made:
        assert made.size == (300, 900)


async def test_what_is_no_picture_is_refused_and_leaves_nothing(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    cut = a_picture()[:200]
    for content in (b"", b"GIF89a not taken", b"<svg/>", b"\x89PNG\r\n\x1a\n", cut, b"#EXTM3U\nfile:///etc/passwd"):
        refused = await nadia.http.post(of(title), **form(content))
        assert refused.status_code == 422, refused.text
    assert (await nadia.http.post(of(title), **form(b"\xff\xd8\xff" + bytes(11 << 20)))).status_code == 413
    assert [blob.key async for blob in ctx.blobs.list(f"media/{title.asset_id}")] == []


async def test_only_the_owner_sees_and_changes_them(enter: Enter, ctx: Context, anyone: httpx.AsyncClient) -> None:
    nadia, other = await enter(), await enter()
    title = await a_film_of(nadia, ctx)
    await with_frames(ctx, title)
    for visitor, status in ((other.http, 403), (anyone, 401)):
        assert (await visitor.get(of(title))).status_code == status
        assert (await visitor.post(of(title), **form(a_picture()))).status_code == status
        assert (await visitor.post(f"{of(title)}/frame-1/choose")).status_code == status
        assert (await visitor.delete(f"{of(title)}/frame-1")).status_code == status
    assert await shown(nadia.http, title) == ["frame-0"]


async def test_the_page_chooses_adds_and_says_what_is_wrong(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    title = await a_film_of(nadia, ctx)
    page = f"/video/titles/{title.id}/posters"
    assert f'href="{page}"' in (await nadia.http.get(f"/video/titles/{title.id}/edit")).text
    assert "No pictures yet" in (await nadia.http.get(page)).text
    await with_frames(ctx, title)
    assert "Frame at 1:00" in (await nadia.http.get(page)).text
    assert (await nadia.http.post(f"{page}/frame-1/choose")).status_code == 303
    assert await shown(nadia.http, title) == ["frame-1"]
    refused = await nadia.http.post(page, **form(b"words"))
    assert refused.status_code == 422
    assert "Choose a picture in JPEG, PNG or WebP." in refused.text
    assert (await nadia.http.post(page, **form(a_picture()))).status_code == 303
    [own] = await shown(nadia.http, title)
    assert (await nadia.http.post(f"{page}/{own}/remove")).status_code == 303
    assert (await nadia.http.post(f"{page}/{own}/choose")).status_code == 404
