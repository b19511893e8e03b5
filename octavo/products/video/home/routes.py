"""The first page of the product, and the pages of tags."""

from msgspec import Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Router, View, public
from octavo.kernel.identity import user_names
from octavo.kernel.refusals import NotFound
from octavo.products.video.home import queries
from octavo.products.video.title import queries as titles
from octavo.products.video.title import text

pages = Router("/video", product="video")
PAGE_LENGTH = 24


class Browse(Struct, frozen=True):
    cursor: str = ""


@pages.get("", access=public, summary="What to watch")
async def home(ctx: Context, query: Browse) -> View:
    new = await titles.public_titles(ctx.db.main, cursor=query.cursor, limit=PAGE_LENGTH)
    first_page = not query.cursor
    return View(
        "video/home/home.html",
        {
            "unfinished": await queries.continue_watching(ctx.db.main, ctx.actor) if first_page else [],
            "films_in_progress": await queries.films_in_progress(ctx.db.main, ctx.actor.user_id) if first_page else 0,
            "new": new,
            "first_page": first_page,
            "names": await user_names(ctx.db.user, [title.owner_id for title in new.items]),
        },
    )


@pages.get("/tags/{tag}", access=public, summary="Public titles with a tag")
async def tagged(ctx: Context, tag: str, query: Browse) -> View:
    wanted = text.normal_tag(tag)
    if not wanted:
        raise NotFound("A tag has at least one letter or digit.")
    found = await titles.titles_tagged(ctx.db.main, wanted, cursor=query.cursor, limit=PAGE_LENGTH)
    names = await user_names(ctx.db.user, [title.owner_id for title in found.items])
    return View("video/home/tag.html", {"tag": wanted, "found": found, "names": names})
