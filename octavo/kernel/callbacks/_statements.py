"""The runner's statements: claiming under a lease, and what came of it. All but the claim are fenced by the lease."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from octavo.kernel.callbacks import rules
from octavo.kernel.callbacks._attempt import Round
from octavo.kernel.callbacks._destinations import Line
from octavo.kernel.callbacks._personal import seal_words
from octavo.kernel.callbacks._shards import QUEUE_SHARDS
from octavo.kernel.callbacks.rows import Attempt, Delivery
from octavo.kernel.db import Queryable, storable
from octavo.settings import CallbacksSettings, Settings

LONGEST_ANSWER = 2000
_COLUMNS = ", ".join(f"d.{name}" for name in Delivery.__struct_fields__)

# Claims and deliveries need not wait for the disk: where the database itself falls and forgets the last of them, they
# are sent again, and nothing is lost. A statement that reads from this says so for its transaction.
_UNHURRIED = "(SELECT set_config('synchronous_commit', 'off', true)) AS unhurried"
# Of each thread only the first that waits: those behind it follow when it is done. The subquery stays one for each row,
# and NOT IN a filter, where an anti-join might sort: a long queue is read only as far as it is claimed.
_CLAIM = f"""
    WITH next AS MATERIALIZED (
        SELECT owner_id, id FROM {_UNHURRIED}, callbacks.delivery AS d /* fanout: the runner works for all owners */
        WHERE queue_shard = $1 AND state = 'waiting' AND lease IS NULL AND due <= $2
          AND (owner_id, destination) NOT IN (SELECT * FROM unnest($3::uuid[], $4::text[]))
          AND id = (
            SELECT e.id FROM callbacks.delivery AS e
            WHERE e.owner_id = d.owner_id AND e.thread = d.thread AND e.state = 'waiting' ORDER BY e.id LIMIT 1
          )
        ORDER BY due LIMIT $5 FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE callbacks.delivery AS d SET lease = $6 FROM next
    WHERE d.owner_id = next.owner_id AND d.id = next.id
    RETURNING {_COLUMNS}
"""
_NEXT_DUE = """
    SELECT due FROM callbacks.delivery /* fanout: of all owners */
    WHERE queue_shard = $1 AND state = 'waiting' AND lease IS NULL AND due > $2 ORDER BY due LIMIT 1
"""
_GIVE_BACK = """
    UPDATE callbacks.delivery AS d SET lease = NULL, due = greatest(d.due, $4)
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS t (owner_id, id, lease)
    WHERE d.owner_id = t.owner_id AND d.id = t.id AND d.lease = t.lease
"""
_SET_ASIDE = """
    UPDATE callbacks.delivery SET rounds = rounds + 1, due = $4, lease = NULL,
        state = CASE WHEN $5 THEN 'failed' ELSE state END, done_at = CASE WHEN $5 THEN $6::timestamptz END
    WHERE owner_id = $1 AND id = $2 AND lease = $3
"""
_DELIVERED = f"""
    UPDATE callbacks.delivery AS d SET state = 'delivered', status = t.status, reason = '', seconds = t.seconds,
        answer = t.answer, sealed_answer = CASE WHEN d.sealed_fields IS NOT NULL THEN t.sealed_answer END,
        rounds = d.rounds + 1, done_at = $8, lease = NULL
    FROM {_UNHURRIED},
        unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::double precision[], $6::text[], $7::bytea[])
        AS t (owner_id, id, lease, status, seconds, answer, sealed_answer)
    WHERE d.owner_id = t.owner_id AND d.id = t.id AND d.lease = t.lease
"""
_FAILED = """
    UPDATE callbacks.delivery AS d SET state = CASE WHEN t.is_last THEN 'failed' ELSE 'waiting' END, due = t.due,
        rounds = d.rounds + 1, status = t.status, reason = t.reason, lease = NULL,
        done_at = CASE WHEN t.is_last THEN $8::timestamptz END
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::timestamptz[], $6::integer[], $7::text[])
        AS t (owner_id, id, lease, is_last, due, status, reason)
    WHERE d.owner_id = t.owner_id AND d.id = t.id AND d.lease = t.lease
    RETURNING d.id
"""
# Those behind one that has to wait have to wait as long; nobody looks at them before.
_POSTPONE_THREADS = """
    UPDATE callbacks.delivery AS d SET due = t.due
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (owner_id, thread, due)
    WHERE d.owner_id = t.owner_id AND d.thread = t.thread AND d.state = 'waiting' AND d.lease IS NULL AND d.due < t.due
"""
_POSTPONE_LINE = """
    UPDATE callbacks.delivery SET due = $3 WHERE owner_id = $1 AND id IN (
        SELECT id FROM callbacks.delivery
        WHERE owner_id = $1 AND destination = $2 AND state = 'waiting' AND lease IS NULL AND due < $3
        FOR UPDATE SKIP LOCKED
    )
"""


class Setback(Struct, frozen=True):
    """A round that nobody answered well, and when the next one is, unless it was the last."""

    delivery: Delivery
    round_: Round
    due: datetime
    is_last: bool


async def claim(db: Queryable, lease: UUID, most: int, *, blocked: Sequence[Line], now: datetime) -> list[Delivery]:
    """Up to `most` callbacks that are due, in the hand of the lease."""
    claimed: list[Delivery] = []
    owners, destinations = [one.owner_id for one in blocked], [one.destination for one in blocked]
    for shard in QUEUE_SHARDS:
        if (left := most - len(claimed)) > 0:
            claimed += await db.fetch(Delivery, _CLAIM, shard, now, owners, destinations, left, lease)
    return claimed


async def next_due(db: Queryable, now: datetime) -> datetime | None:
    """When the first is due of those that are not due yet."""
    found = [due for shard in QUEUE_SHARDS if (due := await db.value(_NEXT_DUE, shard, now)) is not None]
    return min(found, default=None)


async def give_back(db: Queryable, some: Sequence[Delivery], due: datetime) -> None:
    """Uncounted, and not before `due`."""
    if some:
        await db.execute(_GIVE_BACK, *_keys(some), due)


async def set_aside(db: Queryable, one: Delivery, now: datetime, settings: CallbacksSettings) -> None:
    """Count a round, of which nothing more can be written down."""
    due = now + timedelta(seconds=rules.wait_after(one.rounds + 1, settings.first_retry))
    is_last = one.rounds + 1 >= settings.attempts
    await db.execute(_SET_ASIDE, one.owner_id, one.id, one.lease, due, is_last, now)


async def postpone(db: Queryable, line: Line, until: datetime) -> None:
    """Nobody looks before then at what waits for this server."""
    await db.execute(_POSTPONE_LINE, line.owner_id, line.destination, until)


async def delivered(db: Queryable, settings: Settings, good: Sequence[tuple[Delivery, Round]], now: datetime) -> None:
    answers = [(one, round_.answer) for one, round_ in good if round_.answer is not None]
    if answers:
        said = [_beginning(answer.body) for _, answer in answers]
        await db.execute(
            _DELIVERED,
            *_keys([one for one, _ in answers]),
            [answer.status for _, answer in answers],
            [answer.seconds for _, answer in answers],
            ["" if one.sealed_fields else text for (one, _), text in zip(answers, said, strict=True)],
            [
                seal_words(settings, one.owner_id, text) if one.sealed_fields else None
                for (one, _), text in zip(answers, said, strict=True)
            ],
            now,
        )


async def failed(tx: Queryable, setbacks: Sequence[Setback], now: datetime) -> set[UUID]:
    """Write them down, with the threads behind them; the ids of those that were still ours."""
    if not setbacks:
        return set()
    ours = await tx.column(
        _FAILED,
        *_keys([one.delivery for one in setbacks]),
        [one.is_last for one in setbacks],
        [one.due for one in setbacks],
        [one.round_.status for one in setbacks],
        [one.round_.reason for one in setbacks],
        now,
    )
    later = [one for one in setbacks if not one.is_last]
    if later:
        await tx.execute(
            _POSTPONE_THREADS,
            [one.delivery.owner_id for one in later],
            [one.delivery.thread for one in later],
            [one.due for one in later],
        )
    return set(ours)


async def note_wrong(tx: Queryable, wrong: Sequence[tuple[Delivery, Attempt]]) -> None:
    """What a server said to the words of people may repeat them, and is not kept."""
    if wrong:
        await tx.execute_many(
            """
            INSERT INTO callbacks.attempt (owner_id, delivery_id, id, url, status, reason, detail, seconds, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (owner_id, delivery_id, id) DO NOTHING
            """,
            [
                (one.owner_id, one.id, a.id, a.url, a.status, a.reason, _detail(one, a), a.seconds, a.at)
                for one, a in wrong
            ],
        )


def setback(one: Delivery, round_: Round, now: datetime, settings: CallbacksSettings) -> Setback:
    rounds = one.rounds + 1
    wait = max(round_.wait, rules.wait_after(rounds, settings.first_retry))
    return Setback(
        one,
        round_,
        now + timedelta(seconds=wait),
        is_last=rounds >= settings.attempts or rules.is_hopeless(round_.reason),
    )


def _keys(some: Sequence[Delivery]) -> tuple[list[UUID], list[UUID], list[UUID]]:
    return [one.owner_id for one in some], [one.id for one in some], [one.lease for one in some]


def _beginning(answer: bytes) -> str:
    return storable(answer[:LONGEST_ANSWER].decode(errors="replace"), longest=LONGEST_ANSWER)


def _detail(one: Delivery, attempt: Attempt) -> str:
    return "" if one.sealed_fields and attempt.reason == "status" else attempt.detail
