"""The rows of the home page."""

from uuid import UUID

from octavo.kernel.context import Actor
from octavo.kernel.db import Queryable
from octavo.products.video.home.rows import Unfinished
from octavo.products.video.title import queries as titles
from octavo.products.video.watch import queries as watching
from octavo.products.video.watch import rules

CONTINUE_LENGTH = 12


async def continue_watching(db: Queryable, viewer: Actor) -> list[Unfinished]:
    """What the viewer began, the latest first. Two queries: positions are kept by person, titles by title."""
    if viewer.user_id is None:
        return []
    positions = await watching.unfinished(db, viewer.user_id, CONTINUE_LENGTH)
    if not positions:
        return []
    found = await titles.titles_by_id(db, [position.title_id for position in positions], viewer)
    return [
        Unfinished(title, rules.watched_share(position, title.duration))
        for position in positions
        if (title := found.get(position.title_id)) is not None
    ]


async def films_in_progress(db: Queryable, owner_id: UUID | None) -> int:
    """How many of a person's own films are still being uploaded or encoded."""
    if owner_id is None:
        return 0
    count: int = await db.value(
        """
        SELECT count(*) FROM video.title /* fanout: titles are spread by title, not by owner */
        WHERE owner_id = $1 AND deleted_at IS NULL AND film_state NOT IN ('announced', 'complete', 'failed')
        """,
        owner_id,
    )
    return count
