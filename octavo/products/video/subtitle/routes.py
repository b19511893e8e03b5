"""The page on which owners look after a film's subtitles, and the same for programs."""

from collections.abc import Mapping

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, MultipartParts, Redirect, Router, View, public, signed_in
from octavo.kernel.media import LARGEST_SUBTITLES
from octavo.kernel.refusals import Invalid
from octavo.products.video.subtitle import actions
from octavo.products.video.subtitle.resource import SubtitleList, SubtitleResource, resource
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import TitleId

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")
ADDED = Limit("video.subtitles", 200, per=3600)
LARGEST_FORM = 2 * LARGEST_SUBTITLES  # what is only a little too large is refused in words


@pages.get("/titles/{title_id}/subtitles", access=signed_in, summary="A film's subtitles, for its owner")
async def subtitles_page(ctx: Context, title_id: TitleId) -> View:
    return await _view(ctx, title_id, {})


@pages.post(
    "/titles/{title_id}/subtitles",
    access=signed_in,
    summary="Add subtitles with a plain form",
    body_limit=LARGEST_FORM,
    limit=ADDED,
)
async def add(ctx: Context, title_id: TitleId, parts: MultipartParts) -> Redirect | Answer:
    try:
        await actions.add_subtitles(ctx, title_id, parts)
    except Invalid as refusal:
        view = await _view(ctx, title_id, refusal.fields or {"file": refusal.detail})
        return Answer(view, status=refusal.status)
    return Redirect(f"/video/titles/{title_id}/subtitles")


@pages.post("/titles/{title_id}/subtitles/{name}/remove", access=signed_in, summary="Remove subtitles")
async def remove(ctx: Context, title_id: TitleId, name: str) -> Redirect:
    await actions.remove_subtitles(ctx, title_id, name)
    return Redirect(f"/video/titles/{title_id}/subtitles")


@api.get("/titles/{title_id}/subtitles", access=public, summary="The subtitles of a title")
async def list_subtitles(ctx: Context, title_id: TitleId) -> SubtitleList:
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    return SubtitleList([resource(subtitle) for subtitle in await actions.subtitles(ctx, title)])


@api.post(
    "/titles/{title_id}/subtitles",
    access=signed_in,
    status=201,
    summary="Add subtitles, as multipart/form-data with `file`, `language` and `label`",
    body_limit=LARGEST_FORM,
    limit=ADDED,
)
async def add_subtitles(ctx: Context, title_id: TitleId, parts: MultipartParts) -> SubtitleResource:
    """SRT or WebVTT in UTF-8, UTF-16 or Windows-1252. What cannot be read is refused with the number of its line."""
    return resource(await actions.add_subtitles(ctx, title_id, parts))


@api.delete("/titles/{title_id}/subtitles/{name}", access=signed_in, summary="Remove subtitles")
async def delete_subtitles(ctx: Context, title_id: TitleId, name: str) -> None:
    await actions.remove_subtitles(ctx, title_id, name)


async def _view(ctx: Context, title_id: TitleId, errors: Mapping[str, str]) -> View:
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    found = await actions.subtitles(ctx, title)
    return View("video/subtitle/subtitles.html", {"title": title, "subtitles": found, "errors": errors})
