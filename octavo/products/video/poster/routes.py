"""The page on which owners choose the picture of a film, and the same for programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, MultipartParts, Redirect, Router, View, signed_in
from octavo.kernel.media import LARGEST_PICTURE, PosterChoice
from octavo.kernel.refusals import Invalid
from octavo.products.video.poster import actions
from octavo.products.video.title.rows import TitleId

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")
ADDED = Limit("video.posters", 100, per=3600)
LARGEST_FORM = 2 * LARGEST_PICTURE  # what is only a little too large is refused in words


class PosterResource(Struct, frozen=True, kw_only=True):
    """`origin` says whether it is a frame of the film, at second `at`, or a picture that its owner has brought."""

    name: str
    origin: Literal["film", "owner"]
    at: float
    url: str
    chosen: bool
    created_at: datetime


class PosterList(Struct, frozen=True):
    items: list[PosterResource]


@pages.get("/titles/{title_id}/posters", access=signed_in, summary="The pictures of a film, for its owner")
async def posters_page(ctx: Context, title_id: TitleId) -> View:
    return await _view(ctx, title_id, {})


@pages.post(
    "/titles/{title_id}/posters",
    access=signed_in,
    summary="Add a picture with a plain form",
    body_limit=LARGEST_FORM,
    limit=ADDED,
)
async def add(ctx: Context, title_id: TitleId, parts: MultipartParts) -> Redirect | Answer:
    try:
        await actions.add_picture(ctx, title_id, parts)
    except Invalid as refusal:
        view = await _view(ctx, title_id, refusal.fields or {"file": refusal.detail})
        return Answer(view, status=refusal.status)
    return Redirect(f"/video/titles/{title_id}/posters")


@pages.post("/titles/{title_id}/posters/{name}/choose", access=signed_in, summary="Show a film by this picture")
async def choose(ctx: Context, title_id: TitleId, name: str) -> Redirect:
    await actions.choose_picture(ctx, title_id, name)
    return Redirect(f"/video/titles/{title_id}/posters")


@pages.post("/titles/{title_id}/posters/{name}/remove", access=signed_in, summary="Remove a picture")
async def remove(ctx: Context, title_id: TitleId, name: str) -> Redirect:
    await actions.remove_picture(ctx, title_id, name)
    return Redirect(f"/video/titles/{title_id}/posters")


@api.get("/titles/{title_id}/posters", access=signed_in, summary="The pictures that a title can be shown by")
async def list_posters(ctx: Context, title_id: TitleId) -> PosterList:
    _, found = await actions.pictures(ctx, title_id)
    return PosterList([_resource(picture) for picture in found])


@api.post(
    "/titles/{title_id}/posters",
    access=signed_in,
    status=201,
    summary="Add a picture, as multipart/form-data with `file`, and show the title by it",
    body_limit=LARGEST_FORM,
    limit=ADDED,
)
async def add_poster(ctx: Context, title_id: TitleId, parts: MultipartParts) -> PosterResource:
    """JPEG, PNG or WebP of at most 10 MB and 40 million pixels. It is kept as a JPEG of at most 1280 pixels a side."""
    return _resource(await actions.add_picture(ctx, title_id, parts))


@api.post("/titles/{title_id}/posters/{name}/choose", access=signed_in, summary="Show a title by this picture")
async def choose_poster(ctx: Context, title_id: TitleId, name: str) -> None:
    await actions.choose_picture(ctx, title_id, name)


@api.delete("/titles/{title_id}/posters/{name}", access=signed_in, summary="Remove a picture of your own")
async def delete_poster(ctx: Context, title_id: TitleId, name: str) -> None:
    """Frames of the film stay. Where the removed picture was shown, a frame is shown instead."""
    await actions.remove_picture(ctx, title_id, name)


def _resource(picture: PosterChoice) -> PosterResource:
    return PosterResource(
        name=picture.name,
        origin=picture.origin,
        at=picture.at,
        url=picture.url,
        chosen=picture.chosen,
        created_at=picture.created_at,
    )


async def _view(ctx: Context, title_id: TitleId, errors: Mapping[str, str]) -> View:
    title, found = await actions.pictures(ctx, title_id)
    return View("video/poster/posters.html", {"title": title, "pictures": found, "errors": errors})
