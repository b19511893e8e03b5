"""Counting what is used, many at once, in the transaction in which it is used."""

import os
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.pricing.rules import price_of_service
from octavo.products.comms.usage.rows import Used
from octavo.products.comms.usage.rules import in_millionths

# Each process counts in a row of its own, so that processes do not wait for one another.
SHARDS = 16
SHARD = 1 + os.getpid() % SHARDS
_ADD = """
    ON CONFLICT (account_id, day, category, shard) DO UPDATE SET
        count = c.count + excluded.count, usage = c.usage + excluded.usage, price = c.price + excluded.price
"""
# A message counts when it has been sent for the first time, whatever its carrier tells of it after that; in one order,
# so that batches do not wait for one another in a ring. The vendor counts names as senders with the long codes.
_OF_MESSAGES = f"""
    INSERT INTO comms.usage_count AS c (account_id, day, category, shard, count, usage, price)
    SELECT m.account_id, $3::date, CASE WHEN m.num_media > 0 OR m.as_mms THEN 'mms' ELSE 'sms' END
        || CASE WHEN m.direction = 'inbound' THEN '-inbound' ELSE '-outbound' END
        || CASE WHEN CASE WHEN m.direction = 'inbound' THEN m.recipient ELSE m.sender END ~ '^[0-9]{1, 6}$'
            THEN '-shortcode' ELSE '-longcode' END,
        $4::smallint, count(*), sum(m.num_segments), coalesce(sum(m.price), 0)
    FROM unnest($1::uuid[], $2::uuid[]) AS t (account_id, id)
    JOIN comms.message m ON m.account_id = t.account_id AND m.id = t.id
    WHERE m.direction = 'inbound' OR cardinality(array_positions(m.states, 'sent'))
        + cardinality(array_positions(m.states, 'delivered'))
        + cardinality(array_positions(m.states, 'undelivered')) = 1
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    {_ADD}
"""


async def count_messages(ctx: Context, tx: Transaction, some: Sequence[tuple[UUID, UUID]]) -> None:
    """Messages, by account and id, that have just been received, or reached a state that only sent ones reach."""
    if some:
        accounts, ids = [account_id for account_id, _ in some], [message_id for _, message_id in some]
        await tx.execute(_OF_MESSAGES, accounts, ids, ctx.now.date(), SHARD)


async def count_services(ctx: Context, tx: Transaction, account_id: UUID, *categories: str) -> None:
    """One of each: lookups and verifications, at what the list of prices says."""
    prices, today = price_list(ctx.settings), ctx.now.date()
    priced = {name: in_millionths(price_of_service(prices, name)) for name in categories}
    await count(tx, [Used(account_id, name, today, price=priced[name]) for name in categories])


async def count(tx: Transaction, some: Sequence[Used]) -> None:
    """Other things that were used."""
    if not some:
        return
    await tx.execute(
        f"""
        INSERT INTO comms.usage_count AS c (account_id, day, category, shard, count, usage, price)
        SELECT account_id, day, category, $7, sum(count), sum(usage), sum(price)
        FROM unnest($1::uuid[], $2::date[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
            AS t (account_id, day, category, count, usage, price)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        {_ADD}
        """,
        [one.account_id for one in some],
        [one.day for one in some],
        [one.category for one in some],
        [one.count for one in some],
        [one.usage for one in some],
        [one.price for one in some],
        SHARD,
    )


async def roll_up(ctx: Context, before: date, most: int = 5000) -> int:
    """The rows of past days become one for each category; returns how many went. For a schedule."""
    async with ctx.db.main.transaction() as tx:
        rolled: int = await tx.value(
            # fanout: the counts of past days, of all accounts.
            f"""
            WITH old AS (
                SELECT account_id, day, category, shard FROM comms.usage_count /* fanout */
                WHERE shard <> 0 AND day < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM comms.usage_count u USING old
                WHERE u.account_id = old.account_id AND u.day = old.day AND u.category = old.category
                    AND u.shard = old.shard
                RETURNING u.account_id, u.day, u.category, u.count, u.usage, u.price
            ), kept AS (
                INSERT INTO comms.usage_count AS c (account_id, day, category, shard, count, usage, price)
                SELECT account_id, day, category, 0, sum(count), sum(usage), sum(price) FROM gone
                GROUP BY account_id, day, category ORDER BY 1, 2, 3
                {_ADD}
            )
            SELECT count(*) FROM gone
            """,
            before,
            most,
        )
    return rolled
