"""Stopping and starting, and the words for it."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.account.rows import Account
from octavo.products.comms.optout.rows import Wish, Words
from octavo.products.comms.optout.rules import checked_words


async def follow(
    ctx: Context, tx: Transaction, account_id: UUID, senders: Sequence[str], recipient: str, wish: Wish
) -> None:
    """Does what a person asked senders for: numbers, or the hex of a Messaging Service's id."""
    if wish == "STOP":
        await tx.execute(
            """
            INSERT INTO comms.opt_out (account_id, recipient, sender, created_at)
            SELECT $1, $2, sender, $4 FROM unnest($3::text[]) AS sender
            ON CONFLICT (account_id, recipient, sender) DO NOTHING
            """,
            account_id,
            recipient,
            list(senders),
            ctx.now,
        )
    elif wish == "START":
        await tx.execute(
            "DELETE FROM comms.opt_out WHERE account_id = $1 AND recipient = $2 AND sender = ANY($3)",
            account_id,
            recipient,
            list(senders),
        )


async def keep_words(ctx: Context, account: Account, words: Words, *, sender: str = "") -> Words:
    """Have words and an answer of the account's own, for one sender or (blank) for all. Raises CommsRefusal 20001."""
    kept = checked_words(words)
    await ctx.db.main.execute(
        """
        INSERT INTO comms.opt_out_words (account_id, sender, wish, words, answer) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, sender, wish) DO UPDATE SET words = excluded.words, answer = excluded.answer
        """,
        account.id,
        sender,
        kept.wish,
        kept.words,
        kept.answer,
    )
    return kept


async def forget_words(ctx: Context, account: Account, wish: Wish, *, sender: str = "") -> None:
    """Go back to the usual words and answer."""
    await ctx.db.main.execute(
        "DELETE FROM comms.opt_out_words WHERE account_id = $1 AND sender = $2 AND wish = $3", account.id, sender, wish
    )
