"""The queue of messages whose files are still to be fetched: accounts take turns in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.db import Database
from octavo.products.comms.media.rows import Fetch
from octavo.products.comms.message.shards import QUEUE_SHARDS

LEASE = timedelta(seconds=75)  # renewed for each file; whoever does not is taken for dead
ALL_SHARDS = list(range(QUEUE_SHARDS))

# The accounts that wait are found by steps through the key, so that a long queue of one of them is not read. Each gives
# its oldest messages, as many as it may have under way beside those that are; first come those that have the fewest.
_CLAIM = """
    WITH RECURSIVE account (id) AS (
        (
            SELECT account_id FROM comms.media_fetch /* fanout: one service for all accounts */
            WHERE queue_shard = ANY($1) ORDER BY account_id LIMIT 1
        )
        UNION ALL
        SELECT (
            SELECT f.account_id FROM comms.media_fetch AS f
            WHERE f.queue_shard = ANY($1) AND f.account_id > account.id ORDER BY f.account_id LIMIT 1
        ) FROM account WHERE account.id IS NOT NULL
    ), waiting AS (
        SELECT account.id AS account_id, coalesce(busy.number, 0) AS number
        FROM account LEFT JOIN unnest($5::uuid[], $6::integer[]) AS busy (account_id, number)
            ON busy.account_id = account.id
    ), first AS MATERIALIZED (
        SELECT w.account_id, f.message_id, f.due,
            w.number + row_number() OVER (PARTITION BY w.account_id ORDER BY f.due) AS turn
        FROM waiting AS w CROSS JOIN LATERAL (
            SELECT message_id, due FROM comms.media_fetch
            WHERE account_id = w.account_id AND queue_shard = ANY($1) AND due <= $2
            ORDER BY due LIMIT greatest($7 - w.number, 0) FOR UPDATE SKIP LOCKED
        ) AS f
    )
    UPDATE comms.media_fetch AS f SET due = $3, attempts = f.attempts + 1
    FROM (SELECT account_id, message_id FROM first ORDER BY turn, due LIMIT $4) AS t
    WHERE f.account_id = t.account_id AND f.message_id = t.message_id
    RETURNING f.account_id, f.message_id, f.urls, f.wish, f.attempts
"""
_NEXT = """
    SELECT min(due) FROM comms.media_fetch /* fanout: one service for all accounts */
    WHERE queue_shard = ANY($1) AND due > $2
"""


async def claim(db: Database, most: int, *, share: int, busy: Mapping[UUID, int]) -> list[Fetch]:
    """Up to `most` messages that are due, and of no account more than `share` with those that it has under way."""
    time = now()
    return await db.fetch(Fetch, _CLAIM, ALL_SHARDS, time, time + LEASE, most, list(busy), list(busy.values()), share)


async def next_due(db: Database) -> datetime | None:
    """When the first is due of those that are not due yet."""
    found: datetime | None = await db.value(_NEXT, ALL_SHARDS, now())
    return found


async def put_off(db: Database, one: Fetch, wait: timedelta) -> None:
    """Nobody begins, or begins again, before then."""
    await db.execute(
        "UPDATE comms.media_fetch SET due = $3 WHERE account_id = $1 AND message_id = $2",
        one.account_id,
        one.message_id,
        now() + wait,
    )
