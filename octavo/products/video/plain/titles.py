"""Titles by the ids that the plain paths carry."""

from uuid import UUID

from octavo.kernel.article import ArticleRefusal
from octavo.kernel.context import Context
from octavo.products.video.title import queries, rules
from octavo.products.video.title.rows import Title

NOT_FOUND = {"error": "Movie not found"}


async def title_of(ctx: Context, written: str) -> Title:
    """One that is not deleted. Raises ArticleRefusal 404 for what is no id, too."""
    try:
        title = await queries.title(ctx.db.main, UUID(written), ctx.actor)
    except (ValueError, rules.TitleNotFound):
        raise ArticleRefusal(404, NOT_FOUND) from None
    if title.deleted_at is not None:
        raise ArticleRefusal(404, NOT_FOUND)
    return title
