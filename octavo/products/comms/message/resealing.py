"""Changing the keys of texts: a new one seals from now on; what older ones sealed is sealed anew, in batches."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.message import queries
from octavo.products.comms.message.bodies import opened, sealed
from octavo.products.comms.message.rows import Message
from octavo.products.comms.message_search.actions import hide_words

BATCH = 200
SETTLED = timedelta(minutes=10)  # by then every process seals under the newest key


async def accounts_with_old_keys(db: Queryable) -> Sequence[UUID]:
    found: list[UUID] = await db.column(
        # fanout: few accounts change their keys, and they are looked for once a day.
        "SELECT account_id FROM comms.body_key /* fanout */ GROUP BY account_id HAVING count(*) > 1"
    )
    return found


async def reseal_bodies(ctx: Context, account_id: UUID) -> int:
    """Seal under the newest key what older ones sealed, and what an account that encrypts wrote before it did.

    Returns how many messages that were. Old keys go once nothing is left under them.
    """
    newest: UUID = await ctx.db.main.value(
        "SELECT id FROM comms.body_key WHERE account_id = $1 AND created_at < $2 ORDER BY id DESC LIMIT 1",
        account_id,
        ctx.now - SETTLED,
    )
    account = await find_account(ctx.db.main, account_id)
    after, total = UUID(int=0), 0
    while some := await _left(ctx.db.main, account_id, after, newest, also_plain=account.encrypt_bodies):
        await _reseal(ctx, account_id, some)
        after, total = some[-1].id, total + len(some)
    await ctx.db.main.execute(
        """
        DELETE FROM comms.body_key AS k WHERE account_id = $1 AND id < $2 AND NOT EXISTS (
            SELECT FROM comms.message WHERE account_id = $1 AND body_key = k.id
        )
        """,
        account_id,
        newest,
    )
    return total


async def _left(
    db: Queryable, account_id: UUID, after: UUID, newest: UUID | None, *, also_plain: bool
) -> list[Message]:
    return await db.fetch(
        Message,
        f"{queries.OF_ACCOUNT} AND id > $2 AND (body_key < $3 OR ($4 AND sealed_body IS NULL AND body <> ''))"
        " ORDER BY id LIMIT $5",
        account_id,
        after,
        newest,
        also_plain,
        BATCH,
    )


async def _reseal(ctx: Context, account_id: UUID, some: Sequence[Message]) -> None:
    """A text that was redacted meanwhile stays so. Of one that lay open, the index has hashes from now on."""
    texts = [await opened(ctx.engines, one) for one in some]
    rows = await sealed(ctx.engines, some[0].account_id, texts)
    async with ctx.db.main.transaction() as tx:
        done = set(
            await tx.column(
                """
                UPDATE comms.message AS m SET body = '', sealed_body = t.sealed_body, body_key = t.body_key
                FROM unnest($2::uuid[], $3::bytea[], $4::uuid[]) AS t (id, sealed_body, body_key)
                WHERE m.account_id = $1 AND m.id = t.id AND (m.sealed_body IS NOT NULL OR m.body <> '')
                RETURNING m.id
                """,
                account_id,
                [row.id for row in rows],
                [row.sealed_body for row in rows],
                [row.body_key for row in rows],
            )
        )
        lay_open = [text for one, text in zip(some, texts, strict=True) if one.sealed_body is None and one.id in done]
        await hide_words(ctx.engines, tx, account_id, {one.id: one.body for one in lay_open})
