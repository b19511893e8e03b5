"""Watching: the page of a film, its processing page, and the player's API."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import (
    Answer,
    EventStream,
    Limit,
    Redirect,
    Request,
    Router,
    ServerEvent,
    View,
    public,
    signed_in,
)
from octavo.kernel.identity import user_names
from octavo.kernel.media import (
    AssetView,
    Playback,
    Viewer,
    asset_views,
    chapters_of,
    progress_stream,
    remembered,
    viewer_of,
    viewer_to_grant,
)
from octavo.products.video.title import queries as titles
from octavo.products.video.title import rules as title_rules
from octavo.products.video.title import text
from octavo.products.video.title.rows import Title, TitleId
from octavo.products.video.watch import actions, queries, rules
from octavo.products.video.watch.structured import video_object

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")


class StartAt(Struct, frozen=True):
    """A shared link may name the second at which to start: `?t=90`."""

    t: Annotated[float, Meta(ge=0)] | None = None


class WatchPosition(Struct, frozen=True):
    seconds: float
    finished: bool
    watched_at: datetime | None


class NewPosition(Struct, frozen=True):
    seconds: Annotated[float, Meta(ge=0, le=10_000_000)]


@pages.get("/titles/{title_id}", access=public, summary="Watch a title")
async def watch_title(ctx: Context, title_id: TitleId, query: StartAt, request: Request) -> View | Answer | Redirect:
    title = await titles.title(ctx.db.main, title_id, ctx.actor)
    can_edit = title_rules.can_edit(ctx.actor, title)
    if title.deleted_at is not None:
        return Redirect("/video/mine?view=deleted")
    if not title.watchable:
        return (
            Redirect(f"/video/titles/{title_id}/processing")
            if can_edit
            else View("video/watch/soon.html", {"title": title})
        )
    position = await queries.position(ctx.db.main, ctx.actor.user_id, title_id)
    names = await user_names(ctx.db.user, [title.owner_id])
    viewer = viewer_to_grant(request, ctx.settings)
    page = View(
        "video/watch/watch.html",
        {
            "title": title,
            "playback": await actions.play(ctx, title, viewer),
            "chapters": await chapters_of(ctx.db.main, title.asset_id) if title.asset_id else [],
            "start": query.t if query.t is not None else rules.resume_at(position),
            "uploader": names.get(title.owner_id, ""),
            "description": text.spans(title.description),
            "can_edit": can_edit,
            "can_download": title_rules.can_download(ctx.actor, title),
            "can_delete": title_rules.can_delete(ctx.actor, title),
            "public_url": request.public_url,
            "structured": video_object(title, request.public_url),
        },
    )
    return remembered(viewer, page)


@pages.get("/titles/{title_id}/processing", access=signed_in, summary="How far a film's encoding is")
async def processing(ctx: Context, title_id: TitleId) -> View:
    title = await titles.title(ctx.db.main, title_id, ctx.actor)
    title_rules.may_edit(ctx.actor, title)
    film = (await asset_views(ctx.db.main, [title.asset_id])).get(title.asset_id) if title.asset_id else None
    return View("video/watch/processing.html", {"title": title, "film": film, "step": _step(film)})


@pages.get("/titles/{title_id}/progress", access=public, summary="A film's progress as it happens")
@api.get("/titles/{title_id}/progress", access=public, summary="A film's progress as server-sent events")
async def progress(ctx: Context, title_id: TitleId, request: Request) -> EventStream:
    return await followed(ctx, title_id, viewer_of(request))


async def followed(ctx: Context, title_id: TitleId, viewer: Viewer) -> EventStream:
    title = await titles.title(ctx.db.main, title_id, ctx.actor)
    if title.asset_id is None:
        raise actions.FilmNotReady
    return EventStream(_while_shared(ctx, title, title.asset_id, viewer))


@api.get("/titles/{title_id}/playback", access=public, summary="Signed addresses of a title's film", returns=Playback)
async def read_playback(ctx: Context, title_id: TitleId, request: Request) -> Playback | Answer:
    title = await titles.title(ctx.db.main, title_id, ctx.actor)
    viewer = viewer_to_grant(request, ctx.settings)
    return remembered(viewer, await actions.play(ctx, title, viewer))


@api.get("/titles/{title_id}/position", access=signed_in, summary="Where you stopped watching")
async def read_position(ctx: Context, title_id: TitleId) -> WatchPosition:
    await titles.title(ctx.db.main, title_id, ctx.actor)
    position = await queries.position(ctx.db.main, ctx.actor.user_id, title_id)
    if position is None:
        return WatchPosition(0, finished=False, watched_at=None)
    return WatchPosition(position.seconds, position.finished, position.watched_at)


@api.put(
    "/titles/{title_id}/position",
    access=signed_in,
    summary="Keep where you stopped watching",
    limit=Limit("video.position", 3600, per=3600),
)
async def keep_position(ctx: Context, title_id: TitleId, body: NewPosition) -> None:
    await actions.keep_position(ctx, title_id, body.seconds)


async def _while_shared(ctx: Context, title: Title, asset_id: UUID, viewer: Viewer) -> AsyncIterator[ServerEvent]:
    """A new version comes with addresses that work for hours: who may no longer see the title gets none."""
    async with aclosing(progress_stream(ctx, asset_id, viewer)) as events:
        async for event in events:
            if event.event == "manifest" and await titles.find_title(ctx.db.main, title.id, ctx.actor) is None:
                return
            yield event


def _step(film: AssetView | None) -> int:
    """Which of upload, check, first quality and all qualities is under way (0 to 3); 4 when all are done."""
    states = {"uploading": 0, "uploaded": 1, "probing": 1, "playable": 3, "complete": 4, "failed": 4}
    if film is None:
        return 0
    return 2 if film.state == "probing" and film.renditions else states.get(film.state, 0)
