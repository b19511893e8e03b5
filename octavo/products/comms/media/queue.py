"""The queue of messages whose files are still to be fetched: families of accounts take turns in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.db import Database
from octavo.products.comms.media.rows import Fetch
from octavo.products.comms.message.shards import QUEUE_SHARDS

LEASE = timedelta(seconds=75)  # renewed for each file; whoever does not is taken for dead
ALL_SHARDS = list(range(QUEUE_SHARDS))

# The accounts that wait are found by steps through the key, so that a long queue of one of them is not read. An account
# and its sub-accounts are one family: it gives its oldest messages, as many as it may have under way beside those that
# are, and first come the families that have the fewest.
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
        SELECT account.id AS account_id, coalesce(a.parent_id, account.id) AS family_id
        FROM account LEFT JOIN comms.account AS a ON a.account_id = account.id
    ), oldest AS (
        SELECT w.account_id, w.family_id, f.message_id, f.due, coalesce(busy.number, 0)
            + row_number() OVER (PARTITION BY w.family_id ORDER BY f.due, f.message_id) AS turn
        FROM waiting AS w
        LEFT JOIN unnest($5::uuid[], $6::integer[]) AS busy (family_id, number) ON busy.family_id = w.family_id
        CROSS JOIN LATERAL (
            SELECT message_id, due FROM comms.media_fetch
            WHERE account_id = w.account_id AND due <= $2 ORDER BY due LIMIT $7
        ) AS f
    ), first AS MATERIALIZED (
        SELECT f.account_id, f.message_id, t.family_id
        FROM (SELECT * FROM oldest WHERE turn <= $7 ORDER BY turn, due LIMIT $4) AS t
        JOIN comms.media_fetch AS f ON f.account_id = t.account_id AND f.message_id = t.message_id
        WHERE f.due <= $2 FOR UPDATE OF f SKIP LOCKED
    )
    UPDATE comms.media_fetch AS f SET due = $3, attempts = f.attempts + 1 FROM first
    WHERE f.account_id = first.account_id AND f.message_id = first.message_id
    RETURNING f.account_id, f.message_id, f.urls, f.wish, f.attempts, first.family_id
"""
_NEXT = """
    SELECT min(due) FROM comms.media_fetch /* fanout: one service for all accounts */
    WHERE queue_shard = ANY($1) AND due > $2
"""


async def claim(db: Database, most: int, *, share: int, busy: Mapping[UUID, int]) -> list[Fetch]:
    """Up to `most` messages that are due, and of no family more than `share` with those that it has under way."""
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
