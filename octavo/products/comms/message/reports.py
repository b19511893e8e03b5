"""What carriers tell: the states that messages reach, in order, and who is told of it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.message import rules
from octavo.products.comms.message.callbacks import tell_of
from octavo.products.comms.message.retention import forget_as_asked
from octavo.products.comms.message.rows import Changed, Report, Told
from octavo.products.comms.usage.actions import count_messages

# Rows are locked in the order of their ids, so that two batches never wait for each other. LIMIT lets nothing out: it
# tells the planner that these are few, which would otherwise read a new table, that has no statistics yet, as a whole.
_TAKE = """
    WITH r AS MATERIALIZED (
        SELECT t.account_id, t.message_id, t.error_code, t.at, t.carrier_ref
        FROM (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::timestamptz[], $5::text[])
                AS u (account_id, message_id, error_code, at, carrier_ref)
            LIMIT $9
        ) AS t
        JOIN comms.message AS m ON m.account_id = t.account_id AND m.id = t.message_id
        WHERE m.status = ANY($8) ORDER BY m.account_id, m.id FOR NO KEY UPDATE OF m
    )
    UPDATE comms.message AS m SET
        status = $7, error_code = coalesce(r.error_code, m.error_code),
        states = m.states || $7::text, state_times = m.state_times || r.at, updated_at = r.at,
        sent_at = CASE WHEN $7 = 'failed' THEN m.sent_at ELSE coalesce(m.sent_at, r.at) END,
        carrier = CASE WHEN $6 = '' THEN m.carrier ELSE $6 END,
        carrier_ref = CASE WHEN r.carrier_ref = '' THEN m.carrier_ref ELSE r.carrier_ref END
    FROM r WHERE m.account_id = r.account_id AND m.id = r.message_id
    RETURNING m.account_id, m.id, m.sender, m.recipient, m.status, m.error_code, m.service_id, m.status_callback,
        m.num_media, m.discards_body, m.hides_recipient
"""
_QUEUED = """
    WITH t AS MATERIALIZED (
        SELECT m.account_id, m.id
        FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS u (account_id, message_id) LIMIT $5) AS u
        JOIN comms.message AS m ON m.account_id = u.account_id AND m.id = u.message_id
        WHERE m.status = ANY($4) ORDER BY m.account_id, m.id FOR NO KEY UPDATE OF m
    )
    UPDATE comms.message AS m SET
        status = 'queued', states = m.states || 'queued'::text, state_times = m.state_times || $3::timestamptz,
        updated_at = $3
    FROM t WHERE m.account_id = t.account_id AND m.id = t.id
    RETURNING m.account_id, m.id, m.sender, m.recipient, m.status, m.error_code, m.service_id, m.status_callback,
        m.num_media, m.discards_body, m.hides_recipient
"""


async def take_reports(ctx: Context, tx: Transaction, reports: Sequence[Report], *, carrier: str = "") -> list[Changed]:
    """Write the new states and queue their status callbacks; the messages that changed.

    A report that comes too late changes nothing: none undoes a later state, and the same one twice is one. What arrived
    was sent, even where its carrier is quicker with that than with its first answer. Reports of one message are taken
    one after the other, because a statement changes each row once.
    """
    changed: list[Changed] = []
    if not reports:
        return changed
    for turn in _turns(reports):
        by_state: dict[Told, list[Report]] = defaultdict(list)
        for one in turn:
            by_state[one.state].append(one)
            if one.state in rules.AFTER_SENT:
                sent = Report(one.account_id, one.message_id, "sent", one.at, carrier_ref=one.carrier_ref)
                by_state["sent"].append(sent)
        for state in rules.TOLD:
            if some := by_state.get(state):
                reached = await _take(tx, state, some, carrier)
                if state in rules.OWED:
                    await count_messages(ctx, tx, [(one.account_id, one.id) for one in reached])
                changed += reached
    await forget_as_asked(ctx, tx, changed)
    await tell_of(ctx, tx, changed)
    return changed


async def enter_queue(ctx: Context, tx: Transaction, some: Sequence[tuple[UUID, UUID]]) -> None:
    """Messages that were scheduled, or accepted for a service, are in their sender's queue now."""
    if not some:
        return
    changed = await tx.fetch(
        Changed,
        _QUEUED,
        [account_id for account_id, _ in some],
        [message_id for _, message_id in some],
        ctx.now,
        list(rules.BEFORE["queued"]),
        len(some),
    )
    await tell_of(ctx, tx, changed)


async def _take(tx: Transaction, state: Told, some: Sequence[Report], carrier: str) -> list[Changed]:
    return await tx.fetch(
        Changed,
        _TAKE,
        [one.account_id for one in some],
        [one.message_id for one in some],
        [one.error_code for one in some],
        [one.at for one in some],
        [one.carrier_ref for one in some],
        carrier,
        state,
        list(rules.BEFORE[state]),
        len(some),
    )


def _turns(reports: Sequence[Report]) -> list[list[Report]]:
    """The first report of each message, then the second of each, and so on."""
    seen: Counter[object] = Counter()
    turns: list[list[Report]] = []
    for one in reports:
        turn = seen[one.message_id]
        seen[one.message_id] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(one)
    return turns
