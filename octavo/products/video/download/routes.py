"""The page and the API of a film's files."""

from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, Redirect, Request, Router, View, public, signed_in
from octavo.kernel.media import Downloads, remembered, viewer_of, viewer_to_grant
from octavo.products.video.download import actions
from octavo.products.video.title import queries
from octavo.products.video.title.rows import TitleId

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")
MADE = Limit("video.files_made", 60, per=3600)  # each may encode a whole film


class NewFile(Struct, frozen=True):
    """`name` is that of a file that is offered, such as `720p.mp4`."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]


@pages.get("/titles/{title_id}/files", access=public, summary="A film's files to download")
async def files_page(ctx: Context, title_id: TitleId, request: Request) -> View | Answer:
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    viewer = viewer_to_grant(request, ctx.settings)
    files = (await actions.downloads(ctx, title, viewer)).files
    return remembered(viewer, View("video/download/files.html", {"title": title, "files": files}))


@pages.post("/titles/{title_id}/files", access=signed_in, summary="Have a file of a film made", limit=MADE)
async def make_file(ctx: Context, title_id: TitleId, form: NewFile) -> Redirect:
    await actions.make_file(ctx, title_id, form.name)
    return Redirect(f"/video/titles/{title_id}/files")


@api.get("/titles/{title_id}/files", access=public, summary="A film's files, and where to get them", returns=Downloads)
async def list_files(ctx: Context, title_id: TitleId, request: Request) -> Downloads | Answer:
    viewer = viewer_to_grant(request, ctx.settings)
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    return remembered(viewer, await actions.downloads(ctx, title, viewer))


@api.post("/titles/{title_id}/files", access=signed_in, status=202, summary="Have a file of a film made", limit=MADE)
async def request_file(ctx: Context, title_id: TitleId, body: NewFile, request: Request) -> Downloads:
    """Answers with all files; the new one is `waiting`, and `ready` with an address some time later."""
    title = await actions.make_file(ctx, title_id, body.name)
    return await actions.downloads(ctx, title, viewer_of(request))
