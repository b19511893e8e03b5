"""Claiming what is due, giving it to its carrier, and writing down what the carrier said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.choice import carrier_for
from octavo.products.comms.carrier.protocol import Outcome, SmsCarrier, Submission
from octavo.products.comms.message.dispatch import rules
from octavo.products.comms.message.dispatch.rows import Due, Pace
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.message.shards import QUEUE_SHARDS

BATCH = 500
LEASE = timedelta(seconds=20)
EXPIRED, UNKNOWN = 30036, 30008
ALL_SHARDS = list(range(QUEUE_SHARDS))

_DUE = """
    SELECT account_id, message_id, sender, segments, paced, expires_at
    FROM comms.outbound /* fanout: one dispatch for all accounts */
    WHERE queue_shard = ANY($1) AND lease IS NULL AND due <= $2 ORDER BY due, message_id LIMIT $3 FOR UPDATE SKIP LOCKED
"""
_PACE = """
    INSERT INTO comms.sender_pace AS p (account_id, sender, free_at)
    SELECT account_id, sender, $4 + seconds * interval '1 second'
    FROM unnest($1::uuid[], $2::text[], $3::double precision[]) AS t (account_id, sender, seconds)
    ORDER BY account_id, sender
    ON CONFLICT (account_id, sender) DO UPDATE SET
        free_at = greatest(p.free_at, $4) + (excluded.free_at - $4)
    RETURNING account_id, sender, free_at
"""
_LATER = """
    UPDATE comms.outbound AS o SET due = t.due, paced = true, lease = NULL, lease_until = NULL
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (account_id, message_id, due)
    WHERE o.account_id = t.account_id AND o.message_id = t.message_id
"""
_LEASE = """
    UPDATE comms.outbound AS o SET lease = $3, lease_until = $4, attempts = o.attempts + 1
    FROM unnest($1::uuid[], $2::uuid[]) AS t (account_id, message_id)
    WHERE o.account_id = t.account_id AND o.message_id = t.message_id
"""
_SENDING = """
    UPDATE comms.message AS m SET
        status = 'sending', updated_at = $3,
        states = CASE WHEN m.status = 'sending' THEN m.states ELSE m.states || 'sending'::text END,
        state_times = CASE WHEN m.status = 'sending' THEN m.state_times ELSE m.state_times || $3::timestamptz END
    FROM comms.outbound AS o, unnest($1::uuid[], $2::uuid[]) AS t (account_id, message_id)
    WHERE m.account_id = t.account_id AND m.id = t.message_id
      AND o.account_id = m.account_id AND o.message_id = m.id AND m.status = ANY($4)
    RETURNING m.account_id, m.id AS message_id, m.sender, m.recipient, m.body, m.media_urls, m.encoding,
        m.num_segments AS segments, o.expires_at, o.attempts AS attempt
"""
_DONE = """
    DELETE FROM comms.outbound AS o USING unnest($1::uuid[], $2::uuid[]) AS t (account_id, message_id)
    WHERE o.account_id = t.account_id AND o.message_id = t.message_id AND o.lease = $3
"""
_ABANDONED = """
    UPDATE comms.outbound SET lease = $3, lease_until = $4
    WHERE (account_id, message_id) IN (
        SELECT account_id, message_id FROM comms.outbound /* fanout: one dispatch for all accounts */
        WHERE queue_shard = ANY($1) AND lease IS NOT NULL AND lease_until < $2 LIMIT $5 FOR UPDATE SKIP LOCKED
    )
    RETURNING account_id, message_id, sender, segments, paced, expires_at
"""
_WAITING = ["accepted", "scheduled", "queued", "sending"]


async def send_due(ctx: Context, carriers: Mapping[str, SmsCarrier]) -> int:
    """Send up to a batch of what is due; how many rows were looked at."""
    lease = new_id()
    async with ctx.db.main.transaction() as tx:
        due = await tx.fetch(Due, _DUE, ALL_SHARDS, ctx.now, BATCH)
        if not due:
            return 0
        alive = [one for one in due if one.expires_at > ctx.now]
        await _expire(ctx, tx, [one for one in due if one.expires_at <= ctx.now])
        going = await _pace(ctx, tx, alive)
        batch = await _take(tx, going, lease, ctx.now)
    await _submit(ctx, batch, carriers, lease, "submit")
    return len(due)


async def settle_abandoned(ctx: Context, carriers: Mapping[str, SmsCarrier]) -> int:
    """What somebody was sending who died: its carrier says what became of it."""
    lease = new_id()
    async with ctx.db.main.transaction() as tx:
        found = await tx.fetch(Due, _ABANDONED, ALL_SHARDS, ctx.now, lease, ctx.now + LEASE, BATCH)
        batch = await _take(tx, found, lease, ctx.now)
    await _submit(ctx, batch, carriers, lease, "settle")
    return len(found)


async def _pace(ctx: Context, tx: Transaction, due: Sequence[Due]) -> list[Due]:
    """Those whose turn is now; the others wait for theirs."""
    rate, total = ctx.settings.comms.sender_rate, rules.segments_by_sender(due)
    paces = (
        await tx.fetch(
            Pace,
            _PACE,
            [account_id for account_id, _ in total],
            [sender for _, sender in total],
            [count / rate for count in total.values()],
            ctx.now,
        )
        if total
        else []
    )
    turns = rules.turns(due, paces, rate, ctx.now)
    later = [one for one in due if turns[one.message_id] > ctx.now + rules.AT_ONCE]
    if later:
        await _put_off(tx, [(one.account_id, one.message_id, turns[one.message_id]) for one in later])
    return [one for one in due if turns[one.message_id] <= ctx.now + rules.AT_ONCE]


async def _put_off(tx: Transaction, later: Sequence[tuple[UUID, UUID, datetime]]) -> None:
    await tx.execute(_LATER, [one[0] for one in later], [one[1] for one in later], [one[2] for one in later])


async def _take(tx: Transaction, going: Sequence[Due], lease: UUID, time: datetime) -> list[Submission]:
    """The messages themselves, leased and said to be sending. One that was canceled meanwhile is not among them."""
    if not going:
        return []
    accounts, messages = [one.account_id for one in going], [one.message_id for one in going]
    await tx.execute(_LEASE, accounts, messages, lease, time + LEASE)
    return await tx.fetch(Submission, _SENDING, accounts, messages, time, _WAITING)


async def _submit(
    ctx: Context,
    batch: Sequence[Submission],
    carriers: Mapping[str, SmsCarrier],
    lease: UUID,
    verb: Literal["submit", "settle"],
) -> None:
    by_carrier: dict[str, list[Submission]] = defaultdict(list)
    for one in batch:
        by_carrier[carrier_for(ctx.settings, one)].append(one)
    for name, some in by_carrier.items():
        carrier = carriers[name]
        outcomes = await (carrier.submit(some) if verb == "submit" else carrier.settle(some))
        if doubtful := {one.message_id for one in outcomes if one.kind == "doubtful"}:
            settled = await carrier.settle([one for one in some if one.message_id in doubtful])
            outcomes = [one for one in outcomes if one.kind != "doubtful"] + settled
        await _write(ctx, name, some, outcomes, lease)


async def _write(
    ctx: Context, carrier: str, some: Sequence[Submission], outcomes: Sequence[Outcome], lease: UUID
) -> None:
    """What the carrier said, all in one transaction."""
    time, of = now(), {one.message_id: one for one in some}
    ended = [one for one in outcomes if one.kind in ("accepted", "refused")]
    later = [one for one in outcomes if one.kind == "later"]
    async with ctx.db.main.transaction() as tx:
        await take_reports(ctx, tx, [_report(of[one.message_id], one, time) for one in ended], carrier=carrier)
        await tx.execute(
            _DONE, [of[one.message_id].account_id for one in ended], [one.message_id for one in ended], lease
        )
        if later:
            await _put_off(
                tx,
                [
                    (of[one.message_id].account_id, one.message_id, time + timedelta(seconds=one.retry_after))
                    for one in later
                ],
            )


def _report(submission: Submission, outcome: Outcome, time: datetime) -> Report:
    if outcome.kind == "accepted":
        return Report(submission.account_id, submission.message_id, "sent", time, carrier_ref=outcome.carrier_ref)
    code = outcome.error_code or UNKNOWN
    return Report(submission.account_id, submission.message_id, "failed", time, error_code=code)


async def _expire(ctx: Context, tx: Transaction, late: Sequence[Due]) -> None:
    """Messages whose validity ended before their turn came."""
    if not late:
        return
    await take_reports(
        ctx, tx, [Report(one.account_id, one.message_id, "failed", ctx.now, error_code=EXPIRED) for one in late]
    )
    await tx.execute(
        """
        DELETE FROM comms.outbound AS o USING unnest($1::uuid[], $2::uuid[]) AS t (account_id, message_id)
        WHERE o.account_id = t.account_id AND o.message_id = t.message_id
        """,
        [one.account_id for one in late],
        [one.message_id for one in late],
    )
