"""What a person has watched; each reads only their own."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.products.video.title.rows import TitleId
from octavo.products.video.watch.rows import Position


async def position(db: Queryable, user_id: UUID | None, title_id: TitleId) -> Position | None:
    """None where the person has never watched the title, and for anonymous visitors."""
    if user_id is None:
        return None
    return await db.one(
        Position,
        "SELECT title_id, seconds, finished, watched_at FROM video.position WHERE user_id = $1 AND title_id = $2",
        user_id,
        title_id,
    )


async def unfinished(db: Queryable, user_id: UUID, limit: int) -> list[Position]:
    """What the person began and did not end, the latest first."""
    return await db.fetch(
        Position,
        """
        SELECT title_id, seconds, finished, watched_at FROM video.position
        WHERE user_id = $1 AND NOT finished AND seconds >= 5
        ORDER BY watched_at DESC
        LIMIT $2
        """,
        user_id,
        limit,
    )
