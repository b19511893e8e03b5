"""Every write of the outbox: telling, relaying, moving offsets, parking, and forgetting what all have seen."""

from datetime import datetime
from uuid import UUID

from octavo.kernel import clock
from octavo.kernel.db import Queryable, Transaction, storable
from octavo.kernel.events._wakes import OUTBOX, wake_after
from octavo.kernel.events.rows import Event, ParkedBody, Relayed, RelayedEvent
from octavo.kernel.ids import new_id

LONGEST_ERROR = 2000
REMOVED_AT_A_TIME = 5000


async def emit(tx: Transaction, event: Event, *, shard: UUID) -> None:
    """Tell of `event` if `tx` commits. `shard` is the distribution key of the row that it tells of."""
    await tx.execute(
        "INSERT INTO events.outbox (shard, id, name, body, emitted_at) VALUES ($1, $2, $3, $4, $5)",
        shard,
        new_id(),
        event.NAME,
        event,
        clock.now(),
    )
    wake_after(tx, OUTBOX)


async def relay_batch(db: Queryable, most: int) -> Relayed:
    """Give up to `most` committed events their positions. Two relays at once leave a gap, never one position twice."""
    relayed = await db.one(
        Relayed,
        # fanout: the one relay orders the events of all shards.
        """
        WITH due AS MATERIALIZED (
            SELECT shard, id, row_number() OVER (ORDER BY id) AS n
            FROM (SELECT shard, id FROM events.outbox /* fanout */ WHERE position IS NULL ORDER BY id LIMIT $1) AS o
        ), log AS (
            INSERT INTO events.log (name, position) SELECT 'outbox', count(*) FROM due HAVING count(*) > 0
            ON CONFLICT (name) DO UPDATE SET position = log.position + excluded.position
            RETURNING position - (SELECT count(*) FROM due) AS base
        ), moved AS (
            UPDATE events.outbox AS o SET position = log.base + due.n
            FROM due, log WHERE o.shard = due.shard AND o.id = due.id AND o.position IS NULL
            RETURNING o.emitted_at
        )
        SELECT count(*) AS number, min(emitted_at) AS oldest FROM moved
        """,
        most,
    )
    return relayed or Relayed(0, None)


async def register_consumer(db: Queryable, name: str, now: datetime) -> None:
    """A new consumer begins with all that the outbox still holds."""
    await db.execute(
        """
        INSERT INTO events.consumer (name, position, seen_at) VALUES ($1, 0, $2)
        ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at
        """,
        name,
        now,
    )


async def move_offset(tx: Queryable, consumer: str, position: int) -> None:
    await tx.execute(
        "UPDATE events.consumer SET position = $2, tries = 0, retry_at = NULL WHERE name = $1", consumer, position
    )


async def skip_uninteresting(db: Queryable, consumer: str, name: str, to: int) -> None:
    """Move the offset of a consumer that nothing happened for, so that it holds back no clean-up."""
    await db.execute(
        # fanout: looks over all shards for events that this consumer has yet to see.
        """
        UPDATE events.consumer AS c SET position = $3
        WHERE c.name = $1 AND c.position < $3 AND c.tries = 0 AND NOT EXISTS (
            SELECT FROM events.outbox /* fanout */ WHERE position > c.position AND position <= $3 AND name = $2
        )
        """,
        consumer,
        name,
        to,
    )


async def note_failure(db: Queryable, consumer: str, after: int, retry_at: datetime) -> int:
    """Count a failure at the event behind position `after`. Returns how many so far; 0 when the offset has moved."""
    tries: int | None = await db.value(
        """
        UPDATE events.consumer SET tries = tries + 1, retry_at = $3 WHERE name = $1 AND position = $2 RETURNING tries
        """,
        consumer,
        after,
        retry_at,
    )
    return tries or 0


async def park(tx: Queryable, consumer: str, event: RelayedEvent, error: str, now: datetime) -> bool:
    """Set the event aside for this consumer, and let the rest go on. False when another has gone past it meanwhile."""
    position: int | None = await tx.value("SELECT position FROM events.consumer WHERE name = $1 FOR UPDATE", consumer)
    if position is not None and position >= event.position:
        return False
    await tx.execute(
        """
        INSERT INTO events.parked (shard, id, consumer, name, body, error, parked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (shard, id, consumer) DO NOTHING
        """,
        event.shard,
        event.id,
        consumer,
        event.name,
        event.body,
        storable(error, longest=LONGEST_ERROR),
        now,
    )
    await move_offset(tx, consumer, event.position)
    return True


async def retry_parked(db: Queryable, consumer: str | None = None) -> int:
    """Have parked events tried once more, of one consumer or of all. Returns how many."""
    # fanout: an operator's command over all shards.
    sql = "UPDATE events.parked /* fanout */ SET retry = true WHERE ($1::text IS NULL OR consumer = $1) AND NOT retry"
    return await db.execute(sql, consumer)


async def take_parked(tx: Queryable, consumer: str) -> ParkedBody | None:
    """One event that is to be tried again, gone from the parked ones if the transaction commits."""
    return await tx.one(
        ParkedBody,
        # fanout: parked events are few, wherever they lie.
        """
        WITH one AS (
            SELECT shard, id, consumer FROM events.parked /* fanout */
            WHERE consumer = $1 AND retry ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        DELETE FROM events.parked AS p USING one
        WHERE p.shard = one.shard AND p.id = one.id AND p.consumer = one.consumer
        RETURNING p.shard, p.id, p.name, p.body
        """,
        consumer,
    )


async def park_again(db: Queryable, consumer: str, event: ParkedBody, error: str) -> None:
    await db.execute(
        "UPDATE events.parked SET retry = false, error = $4 WHERE shard = $1 AND id = $2 AND consumer = $3",
        event.shard,
        event.id,
        consumer,
        storable(error, longest=LONGEST_ERROR),
    )


async def remove_seen(db: Queryable, *, seen_before: datetime, any_before: datetime) -> int:
    """Remove one batch of events that every living consumer has passed and that are old enough, or far too old."""
    return await db.execute(
        # fanout: the relay cleans up all shards.
        """
        WITH passed AS (
            SELECT coalesce(min(position), (SELECT position FROM events.log WHERE name = 'outbox'), 0) AS position
            FROM events.consumer WHERE seen_at > $2
        ), old AS (
            SELECT o.shard, o.id FROM events.outbox AS o /* fanout */, passed
            WHERE o.position IS NOT NULL
              AND ((o.position <= passed.position AND o.emitted_at < $1) OR o.emitted_at < $2)
            ORDER BY o.position LIMIT $3
        )
        DELETE FROM events.outbox AS o USING old WHERE o.shard = old.shard AND o.id = old.id
        """,
        seen_before,
        any_before,
        REMOVED_AT_A_TIME,
    )
