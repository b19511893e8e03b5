"""Handing out a film's files, and having made what is not there yet."""

from octavo.kernel.context import Context
from octavo.kernel.media import Downloads, Viewer, downloads_of, request_export
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title, TitleId
from octavo.products.video.watch.actions import FilmNotReady


async def downloads(ctx: Context, title: Title, viewer: Viewer) -> Downloads:
    """What a viewer who may see the title may keep of it. Raises DownloadsClosed, and FilmNotReady before an upload."""
    rules.may_download(ctx.actor, title)
    if title.asset_id is None:
        raise FilmNotReady
    return await downloads_of(ctx, title.asset_id, viewer, title=title.title)


async def make_file(ctx: Context, title_id: TitleId, name: str) -> Title:
    """Has one of the files made that are offered. Raises TitleNotFound, DownloadsClosed, FilmNotWhole, NoSuchExport."""
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_download(ctx.actor, title)
    if title.asset_id is None:
        raise FilmNotReady
    await request_export(ctx, title.asset_id, name)
    return title
