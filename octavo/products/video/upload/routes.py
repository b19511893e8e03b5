"""The upload page, the plain forms behind it, and the same for programs."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, field

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, MultipartParts, Redirect, Request, Router, View, signed_in
from octavo.kernel.identity import user_names
from octavo.kernel.media import UPLOADS, own_quota
from octavo.kernel.refusals import Invalid
from octavo.products.video.title import queries, rules
from octavo.products.video.title.resource import TitleResource, resource
from octavo.products.video.title.rows import Title
from octavo.products.video.upload.actions import PURPOSE, fetch_film, receive_films

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")


class UploadFor(Struct, frozen=True):
    """The announced title that waits for a film, if it is for one."""

    title_id: UUID | None = field(name="for", default=None)


class FilmAddress(Struct, frozen=True):
    """Where the film lies: an http or https address that is open to everyone."""

    url: Annotated[str, Meta(min_length=1, max_length=4000)]


class UploadedFilms(Struct, frozen=True):
    """The titles of the films that were taken in, in the order of the form."""

    items: list[TitleResource]


@pages.get("/upload", access=signed_in, summary="Upload films")
async def upload_page(ctx: Context, query: UploadFor) -> View:
    title = await queries.title(ctx.db.main, query.title_id, ctx.actor) if query.title_id else None
    return await _view(ctx, {}, {}, title)


@pages.post(
    "/upload",
    access=signed_in,
    summary="Upload films with a plain form; programs that accept JSON get it",
    body_limit=0,
    limit=UPLOADS,
)
async def upload(ctx: Context, query: UploadFor, parts: MultipartParts, request: Request) -> Redirect | Answer:
    if _is_program(request):
        return await upload_films(ctx, query, parts)
    try:
        titles = await receive_films(ctx, parts, belongs_to=query.title_id)
    except Invalid as refusal:
        return Answer(await _view(ctx, refusal.fields or {"": refusal.detail}, {}, None), status=refusal.status)
    return Redirect("/video/mine" if len(titles) > 1 else f"/video/titles/{titles[0].id}/processing")


async def _form(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _view(ctx, errors, values, None)


@pages.post(
    "/upload/address",
    access=signed_in,
    summary="Upload a film by its address with a plain form",
    limit=UPLOADS,
    on_invalid=_form,
)
async def upload_address(ctx: Context, query: UploadFor, form: FilmAddress) -> Redirect:
    title = await fetch_film(ctx, form.url, belongs_to=query.title_id)
    return Redirect(f"/video/titles/{title.id}/processing")


@api.post(
    "/films",
    access=signed_in,
    status=201,
    summary="Upload films in one request, as multipart/form-data",
    body_limit=0,
    limit=UPLOADS,
    returns=UploadedFilms,
)
async def upload_films(ctx: Context, query: UploadFor, parts: MultipartParts) -> Answer:
    """For large files, tus under `/api/media/v1/uploads` goes on after a broken line."""
    films = await _resources(ctx, await receive_films(ctx, parts, belongs_to=query.title_id))
    return Answer(films, status=201, headers={"Location": films.items[0].url})


@api.post(
    "/films/fetch",
    access=signed_in,
    status=202,
    idempotent=True,
    summary="Have a film fetched from its address",
    limit=UPLOADS,
)
async def fetch_by_address(ctx: Context, query: UploadFor, body: FilmAddress) -> TitleResource:
    """Its title is there at once; the film follows, and `progress` tells of it."""
    return (await _resources(ctx, [await fetch_film(ctx, body.url, belongs_to=query.title_id)])).items[0]


@pages.get("/films/{asset_id}", access=signed_in, summary="The processing page of an uploaded film")
async def film(ctx: Context, asset_id: UUID) -> Redirect:
    """The uploader knows the film's asset; people know its title."""
    title_id = await queries.title_of_film(ctx.db.main, asset_id)
    if title_id is None:
        raise rules.TitleNotFound(asset_id)
    return Redirect(f"/video/titles/{title_id}/processing")


async def _resources(ctx: Context, titles: list[Title]) -> UploadedFilms:
    names = await user_names(ctx.db.user, [title.owner_id for title in titles])
    return UploadedFilms([resource(title, names) for title in titles])


async def _view(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str], title: Title | None) -> View:
    return View(
        "video/upload/upload.html",
        {
            "allowed": rules.can_upload(ctx.actor, ctx.settings.video.uploads),
            "purpose": PURPOSE,
            "max_size": ctx.settings.media.max_upload_bytes,
            "errors": errors,
            "values": values,
            "title": title,
            "quota": await own_quota(ctx),
        },
    )


def _is_program(request: Request) -> bool:
    """Whether JSON is wanted, and no page."""
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted
