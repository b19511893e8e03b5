"""Finding people, and who keeps away from whom."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.identity.people.rows import About, BlockedUser, FoundUser
from octavo.kernel.identity.people.rules import words_of

LAST_CHARACTER = "\U0010ffff"


async def about(db: Queryable, user_id: UUID) -> About:
    found = await db.one(About, "SELECT bio, findable FROM identity.about WHERE user_id = $1", user_id)
    return found or About()


async def search_users(db: Queryable, text: str, viewer: UUID, *, most: int = 20) -> list[FoundUser]:
    """People with a word of their name, or a username, that begins with each word of `text`; the closest first.

    Nobody finds those who do not want to be found, who blocked them, or whom they blocked.
    """
    words = words_of(text)
    if not words:
        return []
    return await db.fetch(
        FoundUser,
        # fanout: people are found by words, wherever they live.
        """
        WITH hit AS (
            SELECT w.user_id, min(char_length(w.word)) AS length
            FROM unnest($1::text[]) AS q (word)
            JOIN identity.search_word AS w /* fanout */ ON w.word >= q.word AND w.word < q.word || $2
            GROUP BY w.user_id HAVING count(DISTINCT q.word) = cardinality($1)
        )
        SELECT u.user_id AS id, u.name, u.username, coalesce(a.bio, '') AS bio
        FROM hit JOIN identity.user AS u /* fanout */ ON u.user_id = hit.user_id
        LEFT JOIN identity.about AS a ON a.user_id = u.user_id
        WHERE u.state = 'active' AND u.user_id <> $3 AND coalesce(a.findable, true)
          AND NOT EXISTS (SELECT FROM identity.block AS b WHERE b.user_id = u.user_id AND b.blocked_id = $3)
          AND NOT EXISTS (SELECT FROM identity.block AS b WHERE b.user_id = $3 AND b.blocked_id = u.user_id)
        ORDER BY hit.length, u.name, u.user_id LIMIT $4
        """,
        words,
        LAST_CHARACTER,
        viewer,
        most,
    )


async def blocked_by(db: Queryable, user_id: UUID) -> list[BlockedUser]:
    """Whom a person blocked, the newest first."""
    return await db.fetch(
        BlockedUser,
        """
        SELECT u.user_id AS id, u.name, u.username, b.blocked_at
        FROM identity.block AS b JOIN identity.user AS u ON u.user_id = b.blocked_id
        WHERE b.user_id = $1 ORDER BY b.blocked_at DESC, u.user_id LIMIT 500
        """,
        user_id,
    )


async def is_blocked(db: Queryable, user_id: UUID, other_id: UUID) -> bool:
    """Whether either keeps away from the other."""
    return bool(
        await db.value(
            """
            SELECT EXISTS (
                SELECT FROM identity.block
                WHERE (user_id = $1 AND blocked_id = $2) OR (user_id = $2 AND blocked_id = $1)
            )
            """,
            user_id,
            other_id,
        )
    )
