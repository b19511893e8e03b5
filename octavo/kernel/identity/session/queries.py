"""Sessions by token, and those of one user."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.identity.session.rows import Bearer, Session
from octavo.kernel.identity.session.rules import PresentedToken


async def bearer_of(db: Queryable, token: PresentedToken, now: datetime) -> Bearer | None:
    """Who sends this token, if its session is alive and its user may come in. Every signed-in request runs this."""
    return await db.one(
        Bearer,
        """
        SELECT s.session_id, u.name, u.roles, u.locale, s.seen_at
        FROM identity.session s JOIN identity.user u ON u.user_id = s.user_id
        WHERE s.user_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND u.state = 'active'
        """,
        token.user_id,
        token.hash,
        now,
    )


async def sessions_of(db: Queryable, user_id: UUID, now: datetime) -> list[Session]:
    """A user's live sessions, the most recently used first."""
    return await db.fetch(
        Session,
        """
        SELECT session_id AS id, kind, device, address_hash, created_at, seen_at, expires_at
        FROM identity.session WHERE user_id = $1 AND expires_at > $2
        ORDER BY seen_at DESC, session_id DESC
        """,
        user_id,
        now,
    )
