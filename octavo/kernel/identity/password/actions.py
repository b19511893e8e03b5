"""Storing a password hash, in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Transaction


async def store_hash(tx: Transaction, user_id: UUID, renewed: str, *, replacing: str) -> None:
    """The same password under today's parameters, unless it was changed meanwhile."""
    await tx.execute(
        "UPDATE identity.password SET hash = $2 WHERE user_id = $1 AND hash = $3", user_id, renewed, replacing
    )


async def set_hash(tx: Transaction, user_id: UUID, new: str, *, now: datetime) -> None:
    await tx.execute(
        """
        INSERT INTO identity.password (user_id, hash, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
        """,
        user_id, new, now,
    )  # fmt: skip
