"""The stored password of a user."""

from uuid import UUID

from octavo.kernel.db import Queryable


async def password_hash(db: Queryable, user_id: UUID) -> str | None:
    found = await db.value("SELECT hash FROM identity.password WHERE user_id = $1", user_id)
    return found if isinstance(found, str) else None
