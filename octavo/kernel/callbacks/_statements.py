"""The service's statements: claiming under a lease, and what came of it. All but the claim are fenced by the lease."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.callbacks import rules
from octavo.kernel.callbacks._attempt import Round
from octavo.kernel.callbacks.actions import QUEUE_SHARDS
from octavo.kernel.callbacks.rows import Attempt, Delivery
from octavo.kernel.db import Queryable

ALL_SHARDS = list(range(QUEUE_SHARDS))
LONGEST_ANSWER = 2000
_COLUMNS = ", ".join(f"d.{name}" for name in Delivery.__struct_fields__)

# Of each thread only the first that waits: those behind it follow when it is done.
_CLAIM = f"""
    WITH due AS MATERIALIZED (
        SELECT owner_id, id FROM callbacks.delivery AS d /* fanout: the service works for all owners */
        WHERE queue_shard = ANY($1) AND state = 'waiting' AND lease IS NULL AND due <= $2 AND destination <> ALL($3)
          AND NOT EXISTS (
            SELECT FROM callbacks.delivery AS e
            WHERE e.owner_id = d.owner_id AND e.thread = d.thread AND e.state = 'waiting' AND e.id < d.id
          )
        ORDER BY due LIMIT $4 FOR UPDATE SKIP LOCKED
    )
    UPDATE callbacks.delivery AS d SET lease = $5, lease_until = $6 FROM due
    WHERE d.owner_id = due.owner_id AND d.id = due.id
    RETURNING {_COLUMNS}
"""
_DELIVERED = """
    UPDATE callbacks.delivery AS d SET state = 'delivered', status = t.status, reason = '', seconds = t.seconds,
        answer = t.answer, rounds = d.rounds + 1, done_at = $7, lease = NULL, lease_until = NULL
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::double precision[], $5::text[])
        AS t (owner_id, id, status, seconds, answer)
    WHERE d.owner_id = t.owner_id AND d.id = t.id AND d.lease = $6
"""


async def claim(
    db: Queryable, lease: UUID, most: int, *, blocked: Sequence[str], now: datetime, seconds: float
) -> list[Delivery]:
    """Up to `most` callbacks that are due, ours for `seconds`."""
    until = now + timedelta(seconds=seconds)
    return await db.fetch(Delivery, _CLAIM, ALL_SHARDS, now, list(blocked), most, lease, until)


async def release(db: Queryable, lease: UUID, some: Sequence[Delivery]) -> None:
    """Give back what there is no room for now."""
    await db.execute(
        """
        UPDATE callbacks.delivery SET lease = NULL, lease_until = NULL
        WHERE (owner_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND lease = $3
        """,
        [one.owner_id for one in some],
        [one.id for one in some],
        lease,
    )


async def give_back(db: Queryable, lease: UUID) -> None:
    """Everything this service still holds, at its end."""
    await db.execute(
        """
        UPDATE callbacks.delivery SET lease = NULL, lease_until = NULL
        WHERE queue_shard = ANY($1) AND lease = $2 /* fanout: the service works for all owners */
        """,
        ALL_SHARDS,
        lease,
    )


async def recover(db: Queryable, now: datetime) -> int:
    """Free what the dead held."""
    return await db.execute(
        """
        UPDATE callbacks.delivery SET lease = NULL, lease_until = NULL
        WHERE queue_shard = ANY($1) AND lease IS NOT NULL AND lease_until < $2 /* fanout: of all owners */
        """,
        ALL_SHARDS,
        now,
    )


async def next_due(db: Queryable) -> datetime | None:
    found: datetime | None = await db.value(
        """
        SELECT min(due) FROM callbacks.delivery /* fanout: of all owners */
        WHERE queue_shard = ANY($1) AND state = 'waiting' AND lease IS NULL
        """,
        ALL_SHARDS,
    )
    return found


async def delivered(tx: Queryable, lease: UUID, good: Sequence[tuple[Delivery, Round]], now: datetime) -> None:
    if not good:
        return
    answers = [(one, round_.answer) for one, round_ in good if round_.answer is not None]
    await tx.execute(
        _DELIVERED,
        [one.owner_id for one, _ in answers],
        [one.id for one, _ in answers],
        [answer.status for _, answer in answers],
        [answer.seconds for _, answer in answers],
        [answer.body[:LONGEST_ANSWER].decode(errors="replace").replace("\x00", "") for _, answer in answers],
        lease,
        now,
    )


async def failed(
    tx: Queryable, lease: UUID, one: Delivery, round_: Round, now: datetime, *, first_wait: float, is_last: bool
) -> None:
    """Wait for the next round, or give up."""
    await tx.execute(
        """
        UPDATE callbacks.delivery SET state = $4, due = $5, rounds = $6, status = $7, reason = $8, done_at = $9,
            lease = NULL, lease_until = NULL
        WHERE owner_id = $1 AND id = $2 AND lease = $3
        """,
        one.owner_id,
        one.id,
        lease,
        "failed" if is_last else "waiting",
        now + timedelta(seconds=rules.wait_after(one.rounds + 1, first_wait)),
        one.rounds + 1,
        round_.status,
        round_.reason,
        now if is_last else None,
    )


async def note_wrong(tx: Queryable, wrong: Sequence[tuple[Delivery, Attempt]]) -> None:
    if not wrong:
        return
    await tx.execute_many(
        """
        INSERT INTO callbacks.attempt (owner_id, delivery_id, id, url, status, reason, detail, seconds, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [(one.owner_id, one.id, a.id, a.url, a.status, a.reason, a.detail, a.seconds, a.at) for one, a in wrong],
    )
