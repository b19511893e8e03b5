"""The API of titles: list, read, edit, publish, delete."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Limit, Router, public, signed_in
from octavo.kernel.identity import user_names
from octavo.kernel.refusals import Unauthenticated
from octavo.products.video.title import actions, queries, text
from octavo.products.video.title.resource import TitleList, TitleResource, resource
from octavo.products.video.title.rows import NewTitle, Title, TitleChanges, TitleId, Visibility

api = Router("/api/video/v1", product="video")
CHANGES = Limit("video.titles", 600, per=3600)


class ListTitles(Struct, frozen=True):
    """`owner=me` lists your own in every state, or with `deleted=true` those you can restore; else what is public."""

    owner: Literal["", "me"] = ""
    deleted: bool = False
    tag: str = ""
    cursor: str = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 24


class Publish(Struct, frozen=True):
    visibility: Visibility = "public"


class Delete(Struct, frozen=True):
    permanently: bool = False


@api.get("/titles", access=public, summary="Public titles, or your own")
async def list_titles(ctx: Context, query: ListTitles) -> TitleList:
    if query.owner == "me":
        if ctx.actor.user_id is None:
            raise Unauthenticated("Sign in to list your own titles.")
        page = await queries.titles_of_owner(
            ctx.db.main, ctx.actor.user_id, cursor=query.cursor, limit=query.limit, deleted=query.deleted
        )
    elif tag := text.normal_tag(query.tag):
        page = await queries.titles_tagged(ctx.db.main, tag, cursor=query.cursor, limit=query.limit)
    else:
        page = await queries.public_titles(ctx.db.main, cursor=query.cursor, limit=query.limit)
    names = await user_names(ctx.db.user, [title.owner_id for title in page.items])
    return TitleList([resource(title, names) for title in page.items], page.next)


@api.post(
    "/titles",
    access=signed_in,
    status=201,
    idempotent=True,
    summary="Announce a title before its film is there",
    limit=CHANGES,
)
async def announce_title(ctx: Context, body: NewTitle) -> TitleResource:
    """An upload whose metadata says `for` and this title's id brings the film."""
    return await _resource(ctx, await actions.announce_title(ctx, body))


@api.get("/titles/{title_id}", access=public, summary="One title")
async def read_title(ctx: Context, title_id: TitleId) -> TitleResource:
    return await _resource(ctx, await queries.title(ctx.db.main, title_id, ctx.actor))


@api.patch("/titles/{title_id}", access=signed_in, summary="Change what is said about a title", limit=CHANGES)
async def change_title(ctx: Context, title_id: TitleId, body: TitleChanges) -> TitleResource:
    return await _resource(ctx, await actions.edit_title(ctx, title_id, body))


@api.post("/titles/{title_id}/publish", access=signed_in, summary="Show a title to others", limit=CHANGES)
async def publish(ctx: Context, title_id: TitleId, body: Publish) -> TitleResource:
    return await _resource(ctx, await actions.publish_title(ctx, title_id, body.visibility))


@api.delete("/titles/{title_id}", access=signed_in, summary="Delete a title; it can be restored for a while")
async def delete(ctx: Context, title_id: TitleId, query: Delete) -> None:
    await actions.delete_title(ctx, title_id)
    if query.permanently:
        await actions.purge_title(ctx, title_id)


@api.post("/titles/{title_id}/restore", access=signed_in, summary="Undo a deletion", limit=CHANGES)
async def restore(ctx: Context, title_id: TitleId) -> TitleResource:
    return await _resource(ctx, await actions.restore_title(ctx, title_id))


async def _resource(ctx: Context, title: Title) -> TitleResource:
    names = await user_names(ctx.db.user, [title.owner_id])
    return resource(title, names)
