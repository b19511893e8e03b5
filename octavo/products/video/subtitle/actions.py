"""Adding subtitles to a title's film, and taking them away."""

from octavo.kernel.context import Context
from octavo.kernel.http import MultipartParts
from octavo.kernel.media import (
    LARGEST_SUBTITLES,
    Subtitle,
    SubtitleFile,
    SubtitleNotFound,
    forget_subtitle,
    keep_subtitle,
    store_subtitles,
    subtitles_of,
)
from octavo.kernel.refusals import Invalid
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title, TitleId


async def subtitles(ctx: Context, title: Title) -> list[Subtitle]:
    """Those of a title that the viewer may see."""
    return await subtitles_of(ctx.db.main, title.asset_id) if title.asset_id else []


async def add_subtitles(ctx: Context, title_id: TitleId, parts: MultipartParts) -> Subtitle:
    """The form's `file` in its `language`, shown under its `label`.

    Raises TitleNotFound, NotYourTitle, BadSubtitles (with the line), Invalid, TooLarge, TooManySubtitles.
    """
    title = await queries.title(ctx.db.main, title_id, ctx.actor)
    rules.may_edit(ctx.actor, title)
    if title.asset_id is None:
        raise Invalid("Upload the film first; then its subtitles can follow.")
    subtitle = await store_subtitles(ctx, title.asset_id, await _read(parts))
    async with ctx.db.main.transaction() as tx:
        rules.may_edit(ctx.actor, await queries.title_for_update(tx, title_id, ctx.actor))
        await keep_subtitle(tx, subtitle)
    return subtitle


async def remove_subtitles(ctx: Context, title_id: TitleId, name: str) -> None:
    """Raises TitleNotFound, NotYourTitle, SubtitleNotFound."""
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_edit(ctx.actor, title)
        if title.asset_id is None:
            raise SubtitleNotFound
        key = await forget_subtitle(tx, title.asset_id, name)
    await ctx.blobs.delete(key)


async def _read(parts: MultipartParts) -> SubtitleFile:
    said: dict[str, str] = {}
    content = b""
    async for part in parts:
        if part.name == "file":
            too_large = f"Subtitles have at most {LARGEST_SUBTITLES >> 20} MB. Is this a subtitle file?"
            content = await part.content(LARGEST_SUBTITLES, too_large)
        elif part.name in ("language", "label"):
            said[part.name] = await part.text()
    if not content:
        raise Invalid("Choose a file in SRT or WebVTT.", fields={"file": "Choose a file in SRT or WebVTT."})
    return SubtitleFile(content=content, language=said.get("language", ""), label=said.get("label", ""))
