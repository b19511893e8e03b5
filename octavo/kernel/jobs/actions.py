"""What the rest of the house does with jobs: enqueue, cancel, and give dead ones another chance."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from octavo.kernel import clock
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.kernel.ids import new_id
from octavo.kernel.jobs._job import Job
from octavo.kernel.jobs._shards import QUEUE_SHARDS, shard_of

CANCELLED = "jobs.cancelled"


def topic_of(queue: str) -> str:
    """What a worker of the queue is woken by."""
    return f"jobs:{queue}"


async def enqueue(
    tx: Transaction,
    job: Job,
    args: msgspec.Struct,
    *,
    due: datetime | None = None,
    priority: int = 0,
    key: str | None = None,
) -> UUID | None:
    """Run `job` after `tx`, a transaction of `db.main`, has committed, or from `due` on. Higher priorities run first.

    With a `key`, at most one job of that name and key waits: None when there was one already. A running one does not
    count, because it may have read what has changed since.
    """
    _check(job, args)
    now, job_id = clock.now(), new_id()
    enqueued: UUID | None = await tx.value(
        """
        INSERT INTO jobs.job (queue_shard, id, queue, name, args, key, priority, due, max_starts, enqueued_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (queue_shard, name, key) WHERE state = 'waiting' AND key IS NOT NULL DO NOTHING
        RETURNING id
        """,
        shard_of(job.name, key, job_id),
        job_id,
        job.queue,
        job.name,
        args,
        key,
        priority,
        due or now,
        job.max_starts,
        now,
    )
    if enqueued and (due is None or due <= now):
        wake_after(tx, topic_of(job.queue))
    return enqueued


async def enqueue_many(
    tx: Transaction,
    job: Job,
    args: Iterable[msgspec.Struct],
    *,
    keys: Sequence[str] | None = None,
    due: datetime | None = None,
    priority: int = 0,
) -> int:
    """Enqueue one job for each of `args` in one statement. Returns how many; less if some `keys` waited already."""
    listed = list(args)
    for one in listed:
        _check(job, one)
    if keys is not None and len(keys) != len(listed):
        raise ValueError("There must be as many keys as arguments.")
    now = clock.now()
    ids = [new_id() for _ in listed]
    wanted: Sequence[str | None] = keys if keys is not None else [None] * len(listed)
    number = await tx.execute(
        """
        INSERT INTO jobs.job (queue_shard, id, queue, name, args, key, priority, due, max_starts, enqueued_at)
        SELECT shard, id, $5, $6, args, key, $7, $8, $9, $10
        FROM unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::text[]) AS one (shard, id, args, key)
        ON CONFLICT (queue_shard, name, key) WHERE state = 'waiting' AND key IS NOT NULL DO NOTHING
        """,
        [shard_of(job.name, key, job_id) for key, job_id in zip(wanted, ids, strict=True)],
        ids,
        listed,
        list(wanted),
        job.queue,
        job.name,
        priority,
        due or now,
        job.max_starts,
        now,
    )
    if number and (due is None or due <= now):
        wake_after(tx, topic_of(job.queue))
    return number


async def cancel_jobs(tx: Transaction, job: Job, key_prefix: str) -> int:
    """Cancel the jobs of that name whose key begins so: waiting ones are gone, running ones see `run.lost`.

    Call it first in the transaction, as runs do with `hold`: where all lock job rows first, nobody deadlocks.
    """
    number = 0
    for shard in QUEUE_SHARDS:
        number += await tx.execute(
            """
            DELETE FROM jobs.job
            WHERE queue_shard = $1 AND name = $2 AND state <> 'dead' AND starts_with(key, $3)
            """,
            shard,
            job.name,
            key_prefix,
        )
    if number:
        wake_after(tx, CANCELLED)
    return number


async def forget_dead(tx: Transaction, key_prefix: str) -> int:
    """Remove the dead jobs whose key begins so: what begins anew is not to be judged by them. Returns how many."""
    number = 0
    for shard in QUEUE_SHARDS:
        sql = "DELETE FROM jobs.job WHERE queue_shard = $1 AND state = 'dead' AND starts_with(key, $2)"
        number += await tx.execute(sql, shard, key_prefix)
    return number


async def retry_dead(tx: Transaction, *, job_id: UUID | None = None, name: str | None = None) -> int:
    """Let dead jobs (one, those of a name, or all) wait again with their starts forgotten. Returns how many.

    Where a job of the same key waits already, the dead one is removed instead.
    """
    number, now = 0, clock.now()
    for shard in QUEUE_SHARDS:
        queues = await tx.column(
            """
            WITH chosen AS MATERIALIZED (
                SELECT id, name, key, row_number() OVER (PARTITION BY name, coalesce(key, id::text) ORDER BY id) AS n
                FROM jobs.job
                WHERE queue_shard = $1 AND state = 'dead' AND ($2::uuid IS NULL OR id = $2)
                  AND ($3::text IS NULL OR name = $3)
            ), doubled AS MATERIALIZED (
                SELECT c.id FROM chosen AS c WHERE c.n > 1 OR EXISTS (
                    SELECT FROM jobs.job AS w
                    WHERE w.queue_shard = $1 AND w.name = c.name AND w.key = c.key AND w.state = 'waiting'
                )
            ), removed AS (
                DELETE FROM jobs.job WHERE queue_shard = $1 AND id IN (SELECT id FROM doubled)
            )
            UPDATE jobs.job SET state = 'waiting', starts = 0, suspect = false, due = $4
            WHERE queue_shard = $1 AND id IN (SELECT id FROM chosen EXCEPT SELECT id FROM doubled)
            RETURNING queue
            """,
            shard,
            job_id,
            name,
            now,
        )
        number += len(queues)
        for queue in set(queues):
            wake_after(tx, topic_of(queue))
    return number


def _check(job: Job, args: msgspec.Struct) -> None:
    if not isinstance(args, job.takes):
        raise TypeError(f"{job.name} takes {job.takes.__name__}, not {type(args).__name__}.")
