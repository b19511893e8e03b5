"""The upload page, and the plain form behind it."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct, field

from octavo.kernel.context import Context
from octavo.kernel.http import MultipartParts, Redirect, Router, View, signed_in
from octavo.kernel.media import UPLOADS, receive_whole
from octavo.kernel.refusals import Invalid
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title

pages = Router("/video", product="video")
PURPOSE = "video.title"
FILMS_PER_FORM = 20


class UploadFor(Struct, frozen=True):
    """The announced title that waits for a film, if it is for one."""

    title_id: UUID | None = field(name="for", default=None)


@pages.get("/upload", access=signed_in, summary="Upload films")
async def upload_page(ctx: Context, query: UploadFor) -> View:
    title = await queries.title(ctx.db.main, query.title_id, ctx.actor) if query.title_id else None
    return _view(ctx, {}, title)


def _form(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return _view(ctx, errors, None)


def _view(ctx: Context, errors: Mapping[str, str], title: Title | None) -> View:
    return View(
        "video/upload/upload.html",
        {
            "allowed": rules.can_upload(ctx.actor, ctx.settings.video.uploads),
            "purpose": PURPOSE,
            "max_size": ctx.settings.media.max_upload_bytes,
            "errors": errors,
            "title": title,
        },
    )


@pages.post(
    "/upload",
    access=signed_in,
    summary="Upload films with a plain form",
    body_limit=0,
    limit=UPLOADS,
    on_invalid=_form,
)
async def upload(ctx: Context, query: UploadFor, parts: MultipartParts) -> Redirect:
    """Takes every file of the form as it arrives, so that a film never has to fit into memory."""
    rules.may_upload(ctx.actor, ctx.settings.video.uploads)
    received: list[UUID] = []
    async for part in parts:
        if part.name == "film" and part.filename:
            if len(received) == FILMS_PER_FORM:
                sentence = f"At most {FILMS_PER_FORM} films at a time. The first {FILMS_PER_FORM} have arrived."
                raise Invalid(sentence, fields={"film": sentence})
            film = await receive_whole(
                ctx, part, part.filename, PURPOSE, filetype=part.content_type, belongs_to=query.title_id
            )
            received.append(film.asset_id)
    if not received:
        raise Invalid("Choose at least one film to upload.", fields={"film": "Choose a film."})
    return Redirect("/video/mine") if len(received) > 1 else Redirect(f"/video/films/{received[0]}")


@pages.get("/films/{asset_id}", access=signed_in, summary="The processing page of an uploaded film")
async def film(ctx: Context, asset_id: UUID) -> Redirect:
    """The uploader knows the film's asset; people know its title."""
    title_id = await queries.title_of_film(ctx.db.main, asset_id)
    if title_id is None:
        raise rules.TitleNotFound(asset_id)
    return Redirect(f"/video/titles/{title_id}/processing")
