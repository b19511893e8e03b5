"""The pages where people look after their own videos; every form works without JavaScript."""

from collections.abc import Mapping
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, signed_in
from octavo.products.video.title import actions, queries, rules, text
from octavo.products.video.title.rows import Title, TitleChanges, TitleId, Visibility

pages = Router("/video", product="video")
PAGE_LENGTH = 24
NO_ERRORS: Mapping[str, str] = {}


class MyVideos(Struct, frozen=True):
    """`deleted`, `restored` and `saved` name the title that the page before has just changed, for the toast."""

    view: Literal["all", "deleted"] = "all"
    cursor: str = ""
    deleted: UUID | None = None
    restored: UUID | None = None
    saved: UUID | None = None


class EditForm(Struct, frozen=True):
    title: str
    description: str = ""
    tags: str = ""
    location: str = ""
    visibility: Visibility = "private"
    release_date: date | None = None
    downloads_allowed: bool = False


class PublishForm(Struct, frozen=True):
    visibility: Visibility = "public"


@pages.get("/mine", access=signed_in, summary="Your videos")
async def my_videos(ctx: Context, query: MyVideos) -> View:
    assert ctx.actor.user_id is not None
    page = await queries.titles_of_owner(
        ctx.db.main, ctx.actor.user_id, cursor=query.cursor, limit=PAGE_LENGTH, deleted=query.view == "deleted"
    )
    changed = query.deleted or query.restored or query.saved
    return View(
        "video/mine/mine.html",
        {
            "page": page,
            "view": query.view,
            "restored": query.restored is not None,
            "changed": await queries.find_title(ctx.db.main, changed, ctx.actor) if changed else None,
        },
    )


@pages.get("/titles/{title_id}/edit", access=signed_in, summary="What is said about a title")
async def edit_page(ctx: Context, title_id: TitleId) -> View:
    return await _edit_view(ctx, title_id, NO_ERRORS, {})


async def _edit_again(ctx: Context, title_id: TitleId, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _edit_view(ctx, title_id, errors, values)


@pages.post("/titles/{title_id}/edit", access=signed_in, summary="Change what is said", on_invalid=_edit_again)
async def edit(ctx: Context, title_id: TitleId, form: EditForm) -> Redirect:
    changes = TitleChanges(
        title=form.title,
        description=form.description,
        tags=text.split_tags(form.tags),
        location=form.location,
        visibility=form.visibility,
        release_date=form.release_date,
        downloads_allowed=form.downloads_allowed,
    )
    title = await actions.edit_title(ctx, title_id, changes)
    return _back_to(ctx, title, f"/video/mine?saved={title_id}")


@pages.post("/titles/{title_id}/publish", access=signed_in, summary="Show a title to others")
async def publish(ctx: Context, title_id: TitleId, form: PublishForm) -> Redirect:
    await actions.publish_title(ctx, title_id, form.visibility)
    return Redirect(f"/video/titles/{title_id}")


@pages.post("/titles/{title_id}/delete", access=signed_in, summary="Delete a title")
async def delete(ctx: Context, title_id: TitleId) -> Redirect:
    await actions.delete_title(ctx, title_id)
    return Redirect(f"/video/mine?deleted={title_id}")


@pages.post("/titles/{title_id}/restore", access=signed_in, summary="Undo a deletion")
async def restore(ctx: Context, title_id: TitleId) -> Redirect:
    title = await actions.restore_title(ctx, title_id)
    return _back_to(ctx, title, f"/video/mine?restored={title_id}")


@pages.post("/titles/{title_id}/purge", access=signed_in, summary="Remove a deleted title for ever")
async def purge(ctx: Context, title_id: TitleId) -> Redirect:
    await actions.purge_title(ctx, title_id)
    return Redirect("/video/mine?view=deleted")


def _back_to(ctx: Context, title: Title, mine: str) -> Redirect:
    """Who acted on another's title goes to that title, which is not among their own videos."""
    return Redirect(mine if title.owner_id == ctx.actor.user_id else f"/video/titles/{title.id}")


async def _edit_view(ctx: Context, title_id: TitleId, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    written = {
        "title": title.title,
        "description": title.description,
        "tags": ", ".join(title.tags),
        "location": title.location,
        "visibility": title.visibility,
        "release_date": title.release_date.isoformat() if title.release_date else "",
        # A box that is not ticked is not sent.
        "downloads_allowed": "on" if title.downloads_allowed and not values else "",
    }
    return View(
        "video/mine/edit.html",
        {"title": title, "errors": errors, "values": {**written, **values}},
    )
