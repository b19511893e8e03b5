"""The chapters of a title's film, read and changed."""

from collections.abc import Sequence

from octavo.kernel.context import Context
from octavo.kernel.media import Chapter, chapters_of, replace_chapters
from octavo.kernel.refusals import Invalid
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title, TitleId


async def chapters(ctx: Context, title: Title) -> list[Chapter]:
    """Those of a title that the viewer may see."""
    return await chapters_of(ctx.db.main, title.asset_id) if title.asset_id else []


async def change_chapters(ctx: Context, title_id: TitleId, wanted: Sequence[Chapter]) -> list[Chapter]:
    """These instead of those before. Raises TitleNotFound, NotYourTitle, BadChapters, Invalid."""
    async with ctx.db.main.transaction() as tx:
        title = await queries.title_for_update(tx, title_id, ctx.actor)
        rules.may_edit(ctx.actor, title)
        if title.asset_id is None:
            raise Invalid("Upload the film first; then its chapters can follow.")
        return await replace_chapters(tx, title.asset_id, wanted)
