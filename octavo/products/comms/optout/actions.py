"""Stopping and starting."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.products.comms.optout.words import Wish


async def follow(tx: Transaction, account_id: UUID, sender: str, recipient: str, wish: Wish, now: datetime) -> None:
    """Does what a person asked a sender for. `sender` is a number, or the hex of a Messaging Service's id."""
    if wish == "STOP":
        await tx.execute(
            """
            INSERT INTO comms.opt_out (account_id, recipient, sender, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id, recipient, sender) DO NOTHING
            """,
            account_id,
            recipient,
            sender,
            now,
        )
    elif wish == "START":
        await tx.execute(
            "DELETE FROM comms.opt_out WHERE account_id = $1 AND recipient = $2 AND sender = $3",
            account_id,
            recipient,
            sender,
        )
