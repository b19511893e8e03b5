"""Whom the ids mean that clients give."""

from uuid import UUID

from octavo.kernel.context import Databases
from octavo.kernel.identity import user_by_id


async def user_of(db: Databases, given: str) -> UUID | None:
    """The user whom a client registered under this id, or whose own id it is."""
    found: UUID | None = await db.main.value("SELECT user_id FROM comms.plain_user WHERE given_id = $1", given)
    if found is not None:
        return found
    try:
        user = await user_by_id(db.user, UUID(given))
    except ValueError:
        return None
    return user.id if user else None
