"""Registering a user under an id that the client brings."""

from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.identity import create_user
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Conflict, Forbidden, Invalid

LONGEST_ID = 100
CUT_OFF = timedelta(minutes=1)  # no registration takes longer


class IdTaken(Conflict):
    title = "There is a user with this id already"


class RegistrationClosed(Forbidden):
    title = "This site makes accounts by invitation"


async def register_user(ctx: Context, given: str, *, username: str, password: str) -> UUID:
    """The new user. Raises IdTaken, RegistrationClosed, Invalid, or AlreadyClaimed for a username that is taken."""
    if ctx.settings.identity.registration == "closed":
        raise RegistrationClosed
    if not 0 < len(given) <= LONGEST_ID:
        raise Invalid(fields={"user_id": f"Give an id of at most {LONGEST_ID} characters."})
    await _claim(ctx, given)
    try:
        # These clients know no addresses; this one is unique and reaches nobody (RFC 2606).
        email = f"{new_id().hex}@plain.invalid"
        user = await create_user(ctx, name=username, email=email, username=username, password=password)
    except BaseException:
        await ctx.db.main.execute("DELETE FROM comms.plain_user WHERE given_id = $1 AND user_id IS NULL", given)
        raise
    await ctx.db.main.execute("UPDATE comms.plain_user SET user_id = $2 WHERE given_id = $1", given, user.id)
    return user.id


async def _claim(ctx: Context, given: str) -> None:
    """The id first, then the user: the two may lie in different databases."""
    claimed = await ctx.db.main.execute(
        """
        INSERT INTO comms.plain_user AS p (given_id, claimed_at) VALUES ($1, $2)
        ON CONFLICT (given_id) DO UPDATE SET claimed_at = excluded.claimed_at
        WHERE p.user_id IS NULL AND p.claimed_at < $3
        """,
        given,
        ctx.now,
        ctx.now - CUT_OFF,
    )
    if not claimed:
        raise IdTaken
