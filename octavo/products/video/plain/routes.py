"""The plain paths of films: `/api/v1/movies` and the two catalogues."""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from octavo.kernel.article import ArticleRefusal, Fields, caller, fields_of, person
from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Request, Router, granted, public
from octavo.kernel.refusals import Forbidden, Invalid
from octavo.products.video.plain.titles import title_of
from octavo.products.video.title import actions, queries
from octavo.products.video.title.rows import NewTitle, Title, TitleChanges

api = Router("", product="video")
token = granted("a token", "the handler looks up whose token the call carries")


class MoviePage(Struct, frozen=True):
    """The address of the page after this one comes in the header `Link`."""

    cursor: str = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 100


@api.get("/api/v1/movies", access=public, summary="The films that one may see", documented=False)
async def list_movies(ctx: Context, request: Request, query: MoviePage) -> Answer:
    ctx = await caller(ctx, request)
    page = await queries.catalogue(ctx.db.main, ctx.actor, cursor=query.cursor, limit=query.limit)
    address = f"{request.public_url}/api/v1/movies?limit={query.limit}&cursor={page.next}"
    return Answer(
        [movie(title) for title in page.items], headers={"Link": f'<{address}>; rel="next"'} if page.next else {}
    )


@api.get("/api/v1/movies/{movie_id}", access=public, summary="One film", documented=False)
async def read_movie(ctx: Context, request: Request, movie_id: str) -> dict[str, Any]:
    return movie(await title_of(await caller(ctx, request), movie_id))


@api.post("/api/v1/movies", access=token, status=201, idempotent=True, summary="Add a film", documented=False)
async def add_movie(ctx: Context, request: Request) -> dict[str, Any]:
    """The film itself follows by `POST /video/upload` or tus, with the movie's id as what it is for."""
    ctx, fields = await person(ctx, request), await fields_of(ctx, request)
    said = _said(fields)
    try:
        title = await actions.announce_title(ctx, NewTitle(**{"title": "", "visibility": "public"} | said))
    except Invalid as refusal:
        raise _invalid(refusal) from None
    return movie(title) | {"message": "Movie added successfully"}


@api.put("/api/v1/movies/{movie_id}", access=token, summary="Change what is said about a film", documented=False)
async def change_movie(ctx: Context, request: Request, movie_id: str) -> dict[str, Any]:
    ctx, fields = await person(ctx, request), await fields_of(ctx, request)
    before = await title_of(ctx, movie_id)
    try:
        title = await actions.edit_title(ctx, before.id, TitleChanges(**_said(fields)))
    except Invalid as refusal:
        raise _invalid(refusal) from None
    except Forbidden as refusal:
        raise ArticleRefusal(403, {"error": refusal.detail}) from None
    return movie(title) | {"message": "Movie updated successfully"}


@api.delete("/api/v1/movies/{movie_id}", access=token, summary="Delete a film", documented=False)
async def delete_movie(ctx: Context, request: Request, movie_id: str) -> Answer:
    ctx = await person(ctx, request)
    before = await title_of(ctx, movie_id)
    try:
        title = await actions.delete_title(ctx, before.id)
    except Forbidden as refusal:
        raise ArticleRefusal(403, {"error": refusal.detail}) from None
    return Answer(movie(title) | {"message": "Movie deleted successfully"}, status=200)


@api.get("/catalog/movie/{movie_id}", access=public, summary="What the catalogue says of a film", documented=False)
async def read_catalogue(ctx: Context, request: Request, movie_id: str) -> dict[str, Any]:
    shown = movie(await title_of(await caller(ctx, request), movie_id))
    return {name: shown[name] for name in ("title", "release_date", "description")}


@api.get("/video_catalog", access=public, summary="The films that can be watched now", documented=False)
async def list_videos(ctx: Context, query: MoviePage) -> dict[str, Any]:
    page = await queries.public_titles(ctx.db.main, cursor=query.cursor, limit=query.limit)
    return {"videos": [movie(title) for title in page.items], "next": page.next}


@api.get("/video_catalog/{movie_id}", access=public, summary="One of them", documented=False)
async def read_video(ctx: Context, request: Request, movie_id: str) -> dict[str, Any]:
    title = await title_of(await caller(ctx, request), movie_id)
    if not title.watchable:
        raise ArticleRefusal(404, {"error": "Video not found"})
    return {"video": movie(title)}


def movie(title: Title) -> dict[str, Any]:
    return {
        "id": str(title.id),
        "title": title.title,
        "description": title.description,
        "release_date": title.release_date,
        "tags": title.tags,
        "duration": title.duration,
        "visibility": title.visibility,
        "state": title.film_state,
        "url": f"/video/{title.id}" if title.watchable else None,
    }


def _said(fields: Fields) -> dict[str, Any]:
    """What the body says, and nothing of what it does not."""
    said: dict[str, Any] = {
        name: fields.text(name) for name in ("title", "description", "visibility") if name in fields
    }
    if said.get("visibility") not in (None, "private", "unlisted", "public"):
        raise ArticleRefusal(
            400, {"error": "Invalid movie data", "reasons": {"visibility": "private, unlisted or public"}}
        )
    if "tags" in fields:
        said["tags"] = fields.texts("tags")
    if "release_date" in fields:
        said["release_date"] = _day(fields.text("release_date"))
    return said


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        reasons = {"release_date": "Write it as 2026-11-21."}
        raise ArticleRefusal(400, {"error": "Invalid movie data", "reasons": reasons}) from None


def _invalid(refusal: Invalid) -> ArticleRefusal:
    return ArticleRefusal(400, {"error": "Invalid movie data", "reasons": dict(refusal.fields)})
