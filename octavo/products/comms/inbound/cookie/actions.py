"""Keeping the cookies of a conversation, and forgetting them."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import json

from octavo.kernel.context import Context
from octavo.kernel.db import execute_in_batches
from octavo.kernel.secrets import seal
from octavo.products.comms.inbound.cookie import rules
from octavo.products.comms.inbound.cookie.queries import CONTEXT, opened


async def keep_cookies(ctx: Context, account_id: UUID, conversation: UUID, url: str, said: Sequence[str]) -> None:
    """Keep what an answer of `url` has set, beside what was there."""
    async with ctx.db.main.transaction() as tx:
        # Of two answers at once, the second waits here, and finds what the first has kept.
        before: bytes | None = await tx.value(
            """
            INSERT INTO comms.webhook_cookies AS c (account_id, id, ends_at) VALUES ($1, $2, $3)
            ON CONFLICT (account_id, id) DO UPDATE SET ends_at = $3 RETURNING c.sealed_cookies
            """,
            account_id,
            conversation,
            ctx.now + rules.KEPT,
        )
        after = rules.changed(opened(ctx.settings, account_id, before), url, said, ctx.now)
        await tx.execute(
            "UPDATE comms.webhook_cookies SET sealed_cookies = $3 WHERE account_id = $1 AND id = $2",
            account_id,
            conversation,
            seal(ctx.settings, json.encode(after), context=f"{CONTEXT}:{account_id}"),
        )


async def forget_ended(ctx: Context) -> int:
    """Remove what has ended; of how many conversations."""
    return await execute_in_batches(
        ctx.db.main,
        # fanout: the old ones of all accounts.
        """
        DELETE FROM comms.webhook_cookies WHERE (account_id, id) IN (
            SELECT account_id, id FROM comms.webhook_cookies /* fanout */ WHERE ends_at < $1 LIMIT $2
        )
        """,
        ctx.now,
    )
