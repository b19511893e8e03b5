"""Users by id or by what they sign in with."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.identity.claim.queries import user_of_login
from octavo.kernel.identity.user.rows import PublicUser, User


async def user_by_id(db: Queryable, user_id: UUID) -> User | None:
    return await db.one(
        User,
        """
        SELECT user_id AS id, pseudonym, name, email, username, roles, state, locale, created_at
        FROM identity.user WHERE user_id = $1
        """,
        user_id,
    )


async def user_by_login(db: Queryable, login: str) -> User | None:
    """The user with this e-mail address or username."""
    user_id = await user_of_login(db, login)
    return await user_by_id(db, user_id) if user_id else None


async def pseudonym_of(db: Queryable, user_id: UUID | None) -> UUID | None:
    """What stands for a user in the audit trail; None for a command, which no user gave."""
    found = await db.value("SELECT pseudonym FROM identity.user WHERE user_id = $1", user_id) if user_id else None
    return found if isinstance(found, UUID) else None


async def public_user(db: Queryable, user_id: UUID) -> PublicUser | None:
    return await db.one(
        PublicUser, "SELECT user_id AS id, name, username FROM identity.user WHERE user_id = $1", user_id
    )


async def public_users(db: Queryable, ids: Sequence[UUID]) -> dict[UUID, PublicUser]:
    """What anyone may know of these users; ids of nobody are left out."""
    if not ids:
        return {}
    found = await db.fetch(
        PublicUser,
        "SELECT user_id AS id, name, username FROM identity.user WHERE user_id = ANY($1::uuid[])",
        list(set(ids)),
    )
    return {user.id: user for user in found}


async def user_names(db: Queryable, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The display names of these users; ids of nobody are left out."""
    return {user.id: user.name for user in (await public_users(db, ids)).values()}


async def is_founded(db: Queryable) -> bool:
    """Whether the first user exists, so that nobody can become operator by asking for it."""
    return bool(await db.value("SELECT EXISTS (SELECT FROM identity.founding WHERE installation = 'this')"))


async def count_operators(db: Queryable) -> int:
    count = await db.value(
        # Asked when an operator is demoted, which is rare, over a table that has no column for it but the roles.
        "SELECT count(*) FROM identity.user WHERE 'operator' = ANY(roles) AND state = 'active' /* fanout */"
    )
    return int(count)
