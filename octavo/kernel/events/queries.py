"""Reading the outbox, the offsets and the parked events."""

from collections.abc import Sequence

from octavo.kernel.db import Queryable
from octavo.kernel.events.rows import Offset, ParkedEvent, RelayedEvent


async def head(db: Queryable) -> int:
    """The last position given; every event up to it can be read."""
    position: int | None = await db.value("SELECT position FROM events.log WHERE name = 'outbox'")
    return position or 0


async def events_between(db: Queryable, names: Sequence[str], after: int, to: int, most: int) -> list[RelayedEvent]:
    return await db.fetch(
        RelayedEvent,
        # fanout: positions run over all shards, and readers want that one order.
        """
        SELECT position, shard, id, name, body FROM events.outbox /* fanout */
        WHERE position > $2 AND position <= $3 AND name = ANY($1)
        ORDER BY position LIMIT $4
        """,
        list(names),
        after,
        to,
        most,
    )


async def names_between(db: Queryable, after: int, to: int) -> set[str]:
    """Which events happened, so that only their consumers are woken."""
    # fanout: as above.
    sql = "SELECT DISTINCT name FROM events.outbox /* fanout */ WHERE position > $1 AND position <= $2"
    return set(await db.column(sql, after, to))


async def locked_offset(tx: Queryable, consumer: str) -> Offset | None:
    """The consumer's offset, locked until the transaction ends; None while another process holds it."""
    return await tx.one(
        Offset,
        "SELECT position, tries, retry_at FROM events.consumer WHERE name = $1 FOR UPDATE SKIP LOCKED",
        consumer,
    )


async def consumers_to_retry(db: Queryable) -> set[str]:
    # fanout: parked events are few, wherever they lie.
    return set(await db.column("SELECT DISTINCT consumer FROM events.parked /* fanout */ WHERE retry"))


async def parked_events(db: Queryable, most: int = 100) -> list[ParkedEvent]:
    return await db.fetch(
        ParkedEvent,
        # fanout: an operator looks at all of them.
        """
        SELECT shard, id, consumer, name, error, parked_at FROM events.parked /* fanout */
        ORDER BY parked_at DESC LIMIT $1
        """,
        most,
    )
