"""Who has claimed an e-mail address or a username."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.identity.claim import rules


async def user_of_login(db: Queryable, login: str) -> UUID | None:
    """The user who signs in as `login`, an e-mail address or a username."""
    if rules.is_email(login):
        found = await db.value("SELECT user_id FROM identity.email_claim WHERE email_key = $1", rules.email_key(login))
    else:
        found = await db.value(
            "SELECT user_id FROM identity.username_claim WHERE username_key = $1", rules.username_key(login)
        )
    return found if isinstance(found, UUID) else None
