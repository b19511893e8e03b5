"""Changing what a user may do."""

from msgspec import structs

from octavo.kernel.context import Context
from octavo.kernel.identity.audit.actions import record
from octavo.kernel.identity.user.queries import count_operators, pseudonym_of
from octavo.kernel.identity.user.rows import User
from octavo.kernel.identity.user.rules import LastOperator, check_may_change_roles, roles_with_lesser


async def change_role(ctx: Context, user: User, role: str) -> User:
    """Give a user a role and all lesser ones, and take the greater ones away.

    Raises Forbidden, Invalid for an unknown role, LastOperator when nobody could run the site any more.
    """
    check_may_change_roles(ctx.actor.roles)
    roles = roles_with_lesser([role])
    async with ctx.db.user.transaction() as tx:
        # The founding row is the lock: two operators who demote each other at once come one after the other.
        await tx.value("SELECT user_id FROM identity.founding WHERE installation = 'this' FOR UPDATE")
        was_operator = await tx.value(
            "SELECT 'operator' = ANY(roles) FROM identity.user WHERE user_id = $1 FOR UPDATE", user.id
        )
        await tx.execute("UPDATE identity.user SET roles = $2 WHERE user_id = $1", user.id, roles)
        if was_operator and await count_operators(tx) == 0:
            raise LastOperator
        by = await pseudonym_of(tx, ctx.actor.user_id)
        await record(tx, "roles_changed", user.pseudonym, now=ctx.now, by=by, roles=roles)
    return structs.replace(user, roles=roles)
