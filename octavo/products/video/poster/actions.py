"""The pictures that a title is shown by: which there are, and which it is."""

from octavo.kernel.context import Context
from octavo.kernel.http import MultipartParts
from octavo.kernel.media import (
    LARGEST_PICTURE,
    BadPicture,
    PosterChoice,
    PosterNotFound,
    choose_poster,
    forget_poster,
    keep_picture,
    posters_of,
    store_picture,
)
from octavo.kernel.refusals import Invalid
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title, TitleId


async def pictures(ctx: Context, title_id: TitleId) -> tuple[Title, list[PosterChoice]]:
    """The title and what it can be shown by. Raises TitleNotFound, NotYourTitle."""
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    return title, await posters_of(ctx.db.main, title.asset_id) if title.asset_id else []


async def add_picture(ctx: Context, title_id: TitleId, parts: MultipartParts) -> PosterChoice:
    """The form's `file`; it is shown from now on.

    Raises TitleNotFound, NotYourTitle, BadPicture, Invalid, TooLarge, TooManyPosters.
    """
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    if title.asset_id is None:
        raise Invalid("Upload the film first; then its picture can follow.")
    picture = await store_picture(ctx, title.asset_id, await _read(parts))
    async with ctx.db.main.transaction() as tx:
        rules.may_edit(ctx.actor, await queries.title_for_update(tx, title_id, ctx.actor))
        await keep_picture(ctx, tx, picture)
    return picture


async def choose_picture(ctx: Context, title_id: TitleId, name: str) -> None:
    """Raises TitleNotFound, NotYourTitle, PosterNotFound."""
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_edit(ctx.actor, title)
        if title.asset_id is None:
            raise PosterNotFound
        await choose_poster(ctx, tx, title.asset_id, name)


async def remove_picture(ctx: Context, title_id: TitleId, name: str) -> None:
    """Raises TitleNotFound, NotYourTitle, PosterNotFound, FrameStays."""
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_edit(ctx.actor, title)
        if title.asset_id is None:
            raise PosterNotFound
        key = await forget_poster(ctx, tx, title.asset_id, name)
    await ctx.blobs.delete(key)


async def _read(parts: MultipartParts) -> bytes:
    content = b""
    async for part in parts:
        if part.name == "file":
            too_large = f"A picture has at most {LARGEST_PICTURE >> 20} MB. Save it smaller, and try again."
            content = await part.content(LARGEST_PICTURE, too_large)
    if not content:
        raise BadPicture("Choose a picture in JPEG, PNG or WebP.")
    return content
