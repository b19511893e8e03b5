"""The worker's statements on job rows: claim, finish, retry, bury, give back. All but the claim are fenced by token."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from octavo.kernel.db import Queryable, storable
from octavo.kernel.ids import new_id
from octavo.kernel.jobs._shards import QUEUE_SHARDS
from octavo.kernel.jobs.rows import ClaimedJob, HeldJob

LONGEST_ERROR = 2000
TIMES_AGAINST_A_RACE = 5

_CLAIM = """
    WITH next AS MATERIALIZED (
        SELECT id FROM jobs.job
        WHERE queue_shard = $1 AND queue = $2 AND state = 'waiting' AND {which} AND due <= $3 AND name = ANY($4)
        ORDER BY {order} LIMIT $5 FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs.job SET state = 'running', starts = starts + 1, run_token = $6, worker_id = $7, started_at = $3
    WHERE queue_shard = $1 AND id = ANY (ARRAY(SELECT id FROM next))
    RETURNING queue_shard, id, name, args, priority, due, starts, max_starts, run_token, suspect
"""
CLAIM = _CLAIM.format(which="NOT suspect", order="priority DESC, due, id")
CLAIM_SUSPECT = _CLAIM.format(which="suspect", order="due")

# Back to waiting, or to the dead. Where a job of the same key waits by now, that one does the work and ours is removed.
_RETURN = """
    WITH mine AS MATERIALIZED (
        SELECT id, name, key, row_number() OVER (PARTITION BY name, coalesce(key, id::text) ORDER BY id) AS n
        FROM (SELECT id, name, key FROM jobs.job
              WHERE queue_shard = $1 AND state = 'running' AND {which} FOR UPDATE {others}) AS locked
    ), doubled AS MATERIALIZED (
        SELECT m.id FROM mine AS m WHERE m.n > 1 OR EXISTS (
            SELECT FROM jobs.job AS w
            WHERE w.queue_shard = $1 AND w.name = m.name AND w.key = m.key AND w.state = 'waiting'
        )
    ), removed AS (
        DELETE FROM jobs.job WHERE queue_shard = $1 AND id = ANY (ARRAY(SELECT id FROM doubled))
    )
    UPDATE jobs.job SET run_token = NULL, worker_id = NULL, {change}
    WHERE queue_shard = $1 AND id = ANY (ARRAY(SELECT id FROM mine EXCEPT SELECT id FROM doubled))
    RETURNING queue
"""
UNCOUNTED = "state = 'waiting', starts = greatest(starts - 1, 0)"
RETRY = _RETURN.format(
    which="id = $2 AND run_token = $3", others="", change="state = 'waiting', suspect = false, due = $4, error = $5"
)
GIVE_BACK = _RETURN.format(which="run_token = $2 AND id = ANY($3)", others="", change=UNCOUNTED)
# These two pass over what a transaction holds at this moment; it becomes an orphan and is found again.
GIVE_BACK_ALL = _RETURN.format(which="worker_id = $2", others="SKIP LOCKED", change=UNCOUNTED)
TAKE_ORPHANS = _RETURN.format(
    which="NOT EXISTS (SELECT FROM jobs.worker AS w WHERE w.id = worker_id)",
    others="SKIP LOCKED",
    change="""
        state = CASE WHEN starts >= max_starts THEN 'dead' ELSE 'waiting' END, suspect = true,
        error = 'Its worker ended without a word (start ' || starts || ' of ' || max_starts || ').'
    """,
)


async def claim(
    db: Queryable, queue: str, names: Sequence[str], most: int, *, worker_id: UUID, now: datetime, suspect: bool = False
) -> list[ClaimedJob]:
    """Up to `most` jobs of the queue, started in the eyes of all others, in the order in which they should run."""
    claimed: list[ClaimedJob] = []
    statement = CLAIM_SUSPECT if suspect else CLAIM
    for shard in QUEUE_SHARDS:
        if (left := most - len(claimed)) > 0:
            claimed += await db.fetch(ClaimedJob, statement, shard, queue, now, list(names), left, new_id(), worker_id)
    claimed.sort(key=lambda job: (-job.priority, job.due, job.id))
    return claimed


async def complete(db: Queryable, shard: UUID, token: UUID, ids: Sequence[UUID]) -> None:
    """Delete finished jobs of one claim. Those that were taken over meanwhile carry another token and stay."""
    await db.execute(
        "DELETE FROM jobs.job WHERE queue_shard = $1 AND id = ANY($3) AND run_token = $2", shard, token, list(ids)
    )


async def retry(db: Queryable, job: ClaimedJob, due: datetime, error: str) -> None:
    await _return(db, RETRY, job.queue_shard, job.id, job.run_token, due, storable(error, longest=LONGEST_ERROR))


async def bury(db: Queryable, job: ClaimedJob, error: str) -> None:
    """The job failed for good: keep it for an operator to look at."""
    await db.execute(
        """
        UPDATE jobs.job SET state = 'dead', run_token = NULL, worker_id = NULL, error = $4
        WHERE queue_shard = $1 AND id = $2 AND run_token = $3
        """,
        job.queue_shard,
        job.id,
        job.run_token,
        storable(error, longest=LONGEST_ERROR),
    )


async def give_back(db: Queryable, shard: UUID, token: UUID, ids: Sequence[UUID]) -> None:
    """Return unfinished jobs to the queue with their start uncounted."""
    await _return(db, GIVE_BACK, shard, token, list(ids))


async def give_back_all(db: Queryable, worker_id: UUID) -> set[str]:
    """Return all that a stopping worker still holds. Returns the queues it went to."""
    queues: set[str] = set()
    for shard in QUEUE_SHARDS:
        queues |= await _return(db, GIVE_BACK_ALL, shard, worker_id)
    return queues


async def take_orphans(db: Queryable) -> set[str]:
    """Return the jobs whose worker has no row any more, as suspects; those that had their last start are dead.

    Returns the queues.
    """
    queues: set[str] = set()
    for shard in QUEUE_SHARDS:
        queues |= await _return(db, TAKE_ORPHANS, shard)
    return queues


async def held_since(db: Queryable, worker_id: UUID, before: datetime) -> list[HeldJob]:
    """What a worker holds for longer than since `before`."""
    held: list[HeldJob] = []
    for shard in QUEUE_SHARDS:
        held += await db.fetch(
            HeldJob,
            """
            SELECT queue_shard, id, run_token FROM jobs.job
            WHERE queue_shard = $1 AND worker_id = $2 AND state = 'running' AND started_at < $3
            """,
            shard,
            worker_id,
            before,
        )
    return held


async def still_ours(db: Queryable, jobs: Sequence[ClaimedJob]) -> set[UUID]:
    """Which of the jobs have still the token that we know."""
    ours: set[UUID] = set()
    for shard in QUEUE_SHARDS:
        mine = [job for job in jobs if job.queue_shard == shard]
        if mine:
            ours |= set(
                await db.column(
                    """
                    SELECT job.id FROM unnest($2::uuid[], $3::uuid[]) AS known (id, token)
                    JOIN jobs.job AS job ON job.queue_shard = $1 AND job.id = known.id AND job.run_token = known.token
                    """,
                    shard,
                    [job.id for job in mine],
                    [job.run_token for job in mine],
                )
            )
    return ours


async def _return(db: Queryable, statement: str, *args: object) -> set[str]:
    for left in reversed(range(TIMES_AGAINST_A_RACE)):
        try:
            return set(await db.column(statement, *args))
        except asyncpg.UniqueViolationError:
            # A job of the same key was enqueued between our look and our write; the next look sees it.
            if not left:
                raise
    raise AssertionError("unreachable")
