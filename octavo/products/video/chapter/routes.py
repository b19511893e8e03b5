"""The page on which owners name the chapters of a film, and the same for programs."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Redirect, Router, View, public, signed_in
from octavo.kernel.media import Chapter
from octavo.kernel.refusals import Invalid
from octavo.products.video.chapter import actions
from octavo.products.video.chapter.text import read_chapters, written_chapters
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import TitleId

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")


class ChapterResource(Struct, frozen=True):
    """`start` is in seconds of the film. A chapter lasts until the next one begins."""

    start: Annotated[float, Meta(ge=0, le=1_000_000)]
    title: str


class ChapterList(Struct, frozen=True):
    items: list[ChapterResource]


class ChapterForm(Struct, frozen=True):
    """A line for each chapter."""

    chapters: Annotated[str, Meta(max_length=100_000)] = ""


@pages.get("/titles/{title_id}/chapters", access=signed_in, summary="A film's chapters, for its owner")
async def chapters_page(ctx: Context, title_id: TitleId) -> View:
    return await _view(ctx, title_id, {}, None)


@pages.post("/titles/{title_id}/chapters", access=signed_in, summary="Change the chapters with a plain form")
async def change(ctx: Context, title_id: TitleId, form: ChapterForm) -> Redirect | Answer:
    try:
        await actions.change_chapters(ctx, title_id, read_chapters(form.chapters))
    except Invalid as refusal:
        errors = refusal.fields or {"chapters": refusal.detail}
        return Answer(await _view(ctx, title_id, errors, form.chapters), status=refusal.status)
    return Redirect(f"/video/titles/{title_id}/chapters")


@api.get("/titles/{title_id}/chapters", access=public, summary="The chapters of a title")
async def list_chapters(ctx: Context, title_id: TitleId) -> ChapterList:
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    return _resource(await actions.chapters(ctx, title))


@api.put("/titles/{title_id}/chapters", access=signed_in, summary="Put these chapters in the place of all before")
async def put_chapters(ctx: Context, title_id: TitleId, body: ChapterList) -> ChapterList:
    """In any order; an empty list takes all away. A chapter that is wrong is refused with its place in the list."""
    wanted = [Chapter(round(item.start * 1000), item.title) for item in body.items]
    return _resource(await actions.change_chapters(ctx, title_id, wanted))


def _resource(chapters: list[Chapter]) -> ChapterList:
    return ChapterList([ChapterResource(chapter.start, chapter.title) for chapter in chapters])


async def _view(ctx: Context, title_id: TitleId, errors: Mapping[str, str], written: str | None) -> View:
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    if written is None:
        written = written_chapters(await actions.chapters(ctx, title))
    return View("video/chapter/chapters.html", {"title": title, "written": written, "errors": errors})
