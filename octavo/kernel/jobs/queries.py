"""What an operator asks about jobs. Each looks over all shards, for the few people who may ask."""

from collections.abc import Sequence
from datetime import datetime

from octavo.kernel.db import Queryable
from octavo.kernel.jobs.rows import ListedJob, ListedWorker, QueueDepth


async def listed_jobs(
    db: Queryable, *, states: Sequence[str], name: str | None = None, queue: str | None = None, most: int = 100
) -> list[ListedJob]:
    """Running ones first, then the dead, then the waiting in the order of their time."""
    return await db.fetch(
        ListedJob,
        # fanout: an operator looks at the whole queue.
        """
        SELECT id, queue, name, key, state, priority, due, starts, max_starts, started_at, error
        FROM jobs.job /* fanout */
        WHERE state = ANY($1) AND ($2::text IS NULL OR name = $2) AND ($3::text IS NULL OR queue = $3)
        ORDER BY state = 'running' DESC, state = 'dead' DESC, due, id LIMIT $4
        """,
        list(states),
        name,
        queue,
        most,
    )


async def queue_depths(db: Queryable, now: datetime) -> list[QueueDepth]:
    return await db.fetch(
        QueueDepth,
        # fanout: a sum over the whole queue.
        """
        SELECT queue,
               count(*) FILTER (WHERE state = 'waiting' AND due <= $1) AS waiting,
               count(*) FILTER (WHERE state = 'waiting' AND due > $1) AS later,
               count(*) FILTER (WHERE state = 'running') AS running,
               count(*) FILTER (WHERE state = 'dead') AS dead
        FROM jobs.job /* fanout */ GROUP BY queue ORDER BY queue
        """,
        now,
    )


async def listed_workers(db: Queryable) -> list[ListedWorker]:
    return await db.fetch(
        ListedWorker,
        "SELECT id, host, pid, queues, started_at, lease_until FROM jobs.worker ORDER BY started_at, id LIMIT 1000",
    )
