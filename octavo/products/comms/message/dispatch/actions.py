"""Claiming what is due for carriers, and writing down what they said: each in one transaction, many rows at a time.

Where one of them makes a transaction fail, each gets a transaction of its own, and that one is set aside.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.aside import ASIDE, one_by_one, tell_of_fault
from octavo.products.comms.carrier.choice import carrier_for
from octavo.products.comms.carrier.protocol import Outcome, Submission
from octavo.products.comms.media.queries import carrier_addresses
from octavo.products.comms.message.bodies import open_body
from octavo.products.comms.message.dispatch import queue, rules
from octavo.products.comms.message.dispatch.rows import Due, Going
from octavo.products.comms.message.reports import enter_queue, take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.sids import sid

log = logging.getLogger("octavo.comms")
BATCH = 500
LEASE = timedelta(seconds=6)
OVERFLOW, EXPIRED, UNKNOWN = 30001, 30036, 30008  # the vendor's numbers for why a message failed
SETTLE_AFTER = timedelta(seconds=5)  # a doubt that may clear up by itself gets that long

Claimed = dict[str, list[Submission]]
"""Messages to be given to each carrier, by its name."""
Find = Callable[[Transaction, datetime, int], Awaitable[list[Due]]]
Take = Callable[[Context, Transaction, Sequence[Due], UUID], Awaitable[Claimed]]


async def claim_due(ctx: Context, lease: UUID) -> tuple[int, Claimed]:
    """Up to a batch of what is due: how many rows that were, and the messages whose turn it is, leased."""
    return await _claim(ctx, lease, queue.claim, _take_due)


async def claim_abandoned(ctx: Context, lease: UUID) -> Claimed:
    """What somebody was giving to a carrier who died over it."""
    _, claimed = await _claim(ctx, lease, queue.claim_abandoned, _take_abandoned)
    return claimed


async def write_outcomes(
    ctx: Context, carrier: str, some: Sequence[Submission], outcomes: Sequence[Outcome], lease: UUID
) -> None:
    """What a carrier said of messages that are still ours. One that it said nothing of is in doubt."""
    try:
        await _write(ctx, carrier, some, outcomes, lease)
    except Unavailable:
        raise
    except Exception:
        log.exception("Outcomes of %d messages could not be written together", len(some))
        await one_by_one(
            some,
            lambda one: _write(ctx, carrier, [one], outcomes, lease),
            lambda one: set_aside(ctx, one),
        )


async def set_aside(ctx: Context, one: Due | Submission) -> None:
    """Whatever is wrong with it holds up no other."""
    async with ctx.db.main.transaction() as tx:
        await queue.set_aside(tx, one.account_id, one.message_id, new_id(), ctx.now + ASIDE)
        await tell_of_fault(tx, one.account_id, sid("SM", one.message_id), ctx.now)


async def _claim(ctx: Context, lease: UUID, find: Find, take: Take) -> tuple[int, Claimed]:
    due: list[Due] = []
    claimed: Claimed = {}
    try:
        async with ctx.db.main.transaction() as tx:
            due = await find(tx, ctx.now, BATCH)
            return len(due), await take(ctx, tx, due, lease) if due else {}
    except Unavailable:
        raise
    except Exception:
        if not due:
            raise
        log.exception("%d messages could not be claimed together", len(due))

    async def alone(one: Due) -> None:
        async with ctx.db.main.transaction() as tx:
            found = await queue.claim_one(tx, one.account_id, one.message_id, ctx.now)
            taken = await take(ctx, tx, found, lease)
        for carrier, submissions in taken.items():
            claimed.setdefault(carrier, []).extend(submissions)

    await one_by_one(due, alone, lambda one: set_aside(ctx, one))
    return len(due), claimed


async def _take_due(ctx: Context, tx: Transaction, due: Sequence[Due], lease: UUID) -> Claimed:
    alive = [one for one in due if one.expires_at > ctx.now]
    await _fail(ctx, tx, [one for one in due if one.expires_at <= ctx.now], EXPIRED)
    going = await _in_turn(ctx, tx, alive)
    return await _take(ctx, tx, going, lease, lambda one, submission: carrier_for(ctx.settings, submission))


async def _take_abandoned(ctx: Context, tx: Transaction, found: Sequence[Due], lease: UUID) -> Claimed:
    return await _take(ctx, tx, found, lease, lambda one, submission: one.carrier)


async def _write(
    ctx: Context, carrier: str, some: Sequence[Submission], outcomes: Sequence[Outcome], lease: UUID
) -> None:
    said = {one.message_id: one for one in outcomes}
    kinds: dict[str, list[Submission]] = {"accepted": [], "refused": [], "later": [], "doubtful": []}
    for one in some:
        kinds[said[one.message_id].kind if one.message_id in said else "doubtful"].append(one)
    async with ctx.db.main.transaction() as tx:
        ended = await queue.end(tx, _keys(kinds["accepted"] + kinds["refused"]), lease)
        told = [_report(one.account_id, said[one.message_id], ctx.now) for one in ended]
        await take_reports(ctx, tx, told, carrier=carrier)
        wait = [(one, timedelta(seconds=said[one.message_id].retry_after)) for one in kinds["later"]]
        await queue.put_off(tx, [(one.account_id, one.message_id, ctx.now + time) for one, time in wait], lease)
        await queue.doubt(tx, _keys(kinds["doubtful"]), lease, new_id(), ctx.now + SETTLE_AFTER)


async def _in_turn(ctx: Context, tx: Transaction, due: Sequence[Due]) -> list[Due]:
    """Those whose turn is now; the others wait in their sender's queue, as long as there is room in it."""
    settings = ctx.settings.comms
    senders = sorted({(one.account_id, one.sender) for one in due if not one.paced})
    before = await queue.paces(tx, senders) if senders else []
    full = ctx.now + timedelta(seconds=settings.queue_seconds)
    overdue = {(pace.account_id, pace.sender) for pace in before if pace.free_at > full}
    too_many = [one for one in due if not one.paced and (one.account_id, one.sender) in overdue]
    await _fail(ctx, tx, too_many, OVERFLOW)
    left = [one for one in due if one not in too_many] if too_many else due
    await enter_queue(ctx, tx, [(one.account_id, one.message_id) for one in left if one.waits])
    turns, free_at = rules.take_turns(left, before, lambda sender: rules.rate_of(settings, sender), ctx.now)
    await queue.keep_paces(tx, free_at)
    soon = ctx.now + rules.AT_ONCE
    later = [one for one in left if turns[one.message_id] > soon]
    # One that will not get its turn in time fails when its time is over, so that it can be canceled until then.
    await queue.put_off(
        tx, [(one.account_id, one.message_id, min(turns[one.message_id], one.expires_at)) for one in later], None
    )
    return [one for one in left if turns[one.message_id] <= soon]


async def _take(
    ctx: Context, tx: Transaction, due: Sequence[Due], lease: UUID, carrier_of: Callable[[Due, Submission], str]
) -> Claimed:
    if not due:
        return {}
    by_id = {one.message_id: one for one in due}
    claimed: Claimed = {}
    leased: list[tuple[UUID, UUID, str]] = []
    for going in sorted(await queue.say_sending(tx, due, ctx.now), key=lambda one: one.message_id):
        one = by_id.pop(going.message_id)
        submission = await _submission(ctx, tx, going, one)
        carrier = carrier_of(one, submission)
        claimed.setdefault(carrier, []).append(submission)
        leased.append((one.account_id, one.message_id, carrier))
    await queue.lease_out(tx, leased, lease, ctx.now + LEASE)
    # What is left has reached another end meanwhile: a report came in spite of the doubt.
    for one in by_id.values():
        await tx.execute(
            "DELETE FROM comms.outbound WHERE account_id = $1 AND message_id = $2", one.account_id, one.message_id
        )
    return claimed


async def _submission(ctx: Context, tx: Transaction, going: Going, due: Due) -> Submission:
    body = going.body
    if going.sealed_body is not None and going.body_key is not None:
        body = await open_body(ctx.engines, going.account_id, going.message_id, going.body_key, going.sealed_body)
    media_urls = going.media_urls
    if media_urls:
        media_urls = await carrier_addresses(ctx, tx, going.account_id, going.message_id) or media_urls
    return Submission(
        account_id=going.account_id,
        message_id=going.message_id,
        sender=going.sender,
        recipient=going.recipient,
        body=body,
        media_urls=media_urls,
        encoding=going.encoding,
        segments=going.segments,
        expires_at=due.expires_at,
        attempt=due.attempts + 1,
        as_mms=going.as_mms,
    )


async def _fail(ctx: Context, tx: Transaction, some: Sequence[Due], code: int) -> None:
    if some:
        ended = await queue.end(tx, [(one.account_id, one.message_id) for one in some], None)
        reports = [Report(one.account_id, one.message_id, "failed", ctx.now, error_code=code) for one in ended]
        await take_reports(ctx, tx, reports)


def _keys(some: Sequence[Submission]) -> list[tuple[UUID, UUID]]:
    return [(one.account_id, one.message_id) for one in some]


def _report(account_id: UUID, outcome: Outcome, time: datetime) -> Report:
    if outcome.kind == "accepted":
        return Report(account_id, outcome.message_id, "sent", time, carrier_ref=outcome.carrier_ref)
    return Report(account_id, outcome.message_id, "failed", time, error_code=outcome.error_code or UNKNOWN)
