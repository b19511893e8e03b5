"""Claiming and giving up an e-mail address or a username, in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.kernel.identity.claim import rules
from octavo.kernel.refusals import Invalid


class AlreadyClaimed(Invalid):
    """Another account holds this address or name."""

    title = "That is already in use"


async def claim(
    tx: Transaction, user_id: UUID, *, email: str | None = None, username: str | None = None, now: datetime
) -> None:
    """Claim what is given for a user. Raises AlreadyClaimed with every field that another holds."""
    taken = {}
    if email is not None and not await _claim_email(tx, user_id, rules.email_key(email), now):
        taken["email"] = "This address cannot be used for a new account. If it is yours, sign in instead."
    if username is not None and not await _claim_username(tx, user_id, rules.username_key(username), now):
        taken["username"] = "This name, or one that looks like it, is taken. Choose another."
    if taken:
        raise AlreadyClaimed(fields=taken)


async def _claim_email(tx: Transaction, user_id: UUID, key: str, now: datetime) -> bool:
    """Whether the address is the user's now. A claim of one's own again (another case, say) holds."""
    holder = await tx.value(
        """
        INSERT INTO identity.email_claim AS held (email_key, user_id, claimed_at) VALUES ($1, $2, $3)
        ON CONFLICT (email_key) DO UPDATE SET user_id = held.user_id
        RETURNING user_id
        """,
        key, user_id, now,
    )  # fmt: skip
    return bool(holder == user_id)


async def _claim_username(tx: Transaction, user_id: UUID, key: str, now: datetime) -> bool:
    holder = await tx.value(
        """
        INSERT INTO identity.username_claim AS held (username_key, user_id, claimed_at) VALUES ($1, $2, $3)
        ON CONFLICT (username_key) DO UPDATE SET user_id = held.user_id
        RETURNING user_id
        """,
        key, user_id, now,
    )  # fmt: skip
    return bool(holder == user_id)


async def release_email(tx: Transaction, user_id: UUID, *, former: str, email: str) -> None:
    """Give up the former address, unless it is only another spelling of the same."""
    if rules.email_key(former) != rules.email_key(email):
        await tx.execute(
            "DELETE FROM identity.email_claim WHERE email_key = $1 AND user_id = $2", rules.email_key(former), user_id
        )


async def release_username(tx: Transaction, user_id: UUID, *, former: str, username: str) -> None:
    if rules.username_key(former) != rules.username_key(username):
        await tx.execute(
            "DELETE FROM identity.username_claim WHERE username_key = $1 AND user_id = $2",
            rules.username_key(former),
            user_id,
        )
