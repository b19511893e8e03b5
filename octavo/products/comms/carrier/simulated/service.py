"""The service of the simulated carrier: tells, in time, what became of messages, and brings what handsets say."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.aside import ASIDE, one_by_one, tell_of_fault
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.carrier.simulated.actions import say_all, topic_of
from octavo.products.comms.carrier.simulated.answers import answers_to
from octavo.products.comms.carrier.simulated.carrier import REPORTS
from octavo.products.comms.carrier.simulated.rows import DueSaying, DueSms
from octavo.products.comms.carrier.simulated.texts import opened
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report, Told
from octavo.products.comms.message.shards import QUEUE_SHARDS
from octavo.products.comms.sids import sid
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

log = logging.getLogger("octavo.comms")
Row = TypeVar("Row", DueSms, DueSaying)
EACH = 64  # at a time, of each shard
APART = 0.04  # seconds between turns
SHARDS = list(range(QUEUE_SHARDS))

# The rows are locked until their reports are written: after a crash they are due as before, and told once.
_DUE = """
    SELECT due.* FROM unnest($1::smallint[]) AS shard (number) CROSS JOIN LATERAL (
        SELECT account_id, message_id, sender, recipient, sealed_body, media_urls, fate, error_code, report_at
        FROM comms.simulated_sms /* fanout: the carrier serves all accounts */
        WHERE queue_shard = shard.number AND report_at <= $2
        ORDER BY report_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ) AS due
"""
_THIS_DUE = """
    SELECT account_id, message_id, sender, recipient, sealed_body, media_urls, fate, error_code, report_at
    FROM comms.simulated_sms
    WHERE account_id = $1 AND message_id = $2 AND report_at <= $3 FOR UPDATE SKIP LOCKED
"""
_DUE_ASIDE = "UPDATE comms.simulated_sms SET report_at = $3 WHERE account_id = $1 AND message_id = $2"
_TOLD = """
    UPDATE comms.simulated_sms SET report_at = NULL, told_at = $3
    WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
"""
_SAYING = """
    SELECT due.* FROM unnest($1::smallint[]) AS shard (number) CROSS JOIN LATERAL (
        SELECT account_id, id, sender, recipient, sealed_body, media_urls, due
        FROM comms.handset_said /* fanout: the carrier serves all accounts */
        WHERE queue_shard = shard.number AND waiting AND due <= $2
        ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED
    ) AS due
"""
_THIS_SAYING = """
    SELECT account_id, id, sender, recipient, sealed_body, media_urls, due FROM comms.handset_said
    WHERE account_id = $1 AND id = $2 AND waiting AND due <= $3 FOR UPDATE SKIP LOCKED
"""
_SAYING_ASIDE = "UPDATE comms.handset_said SET due = $3 WHERE account_id = $1 AND id = $2"
_SAID = """
    UPDATE comms.handset_said SET waiting = false
    WHERE (account_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
"""
_NEXT = """
    SELECT min(least(
        (SELECT report_at FROM comms.simulated_sms /* fanout: the carrier serves all accounts */
         WHERE queue_shard = shard.number AND report_at IS NOT NULL ORDER BY report_at LIMIT 1),
        (SELECT due FROM comms.handset_said /* fanout: the same */
         WHERE queue_shard = shard.number AND waiting ORDER BY due LIMIT 1)
    )) FROM unnest($1::smallint[]) AS shard (number)
"""


class Queue(NamedTuple, Generic[Row]):
    """Rows that are due: the statements that find a batch of them or one of them, and that set one aside."""

    row: type[Row]
    due: str
    this: str
    aside: str
    work: Callable[[Context, Transaction, Sequence[Row]], Awaitable[None]]


async def run_simulated_carrier(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`: tell what is due, then sleep until the next is, or somebody wakes us."""
    await repeat(engines, stopping, topic=REPORTS, turn=lambda: _turn(engines), name="simulated carrier", apart=APART)


async def _turn(engines: Engines) -> float:
    """All that is due; the seconds until the next is."""
    while await tell_due(engines.context(now())) + await bring_due(engines.context(now())):
        pass
    due: datetime | None = await engines.db.main.value(_NEXT, SHARDS)
    return LONGEST_SLEEP if due is None else (due - now()).total_seconds()


async def tell_due(ctx: Context) -> int:
    """Tell what became of a batch of messages; how many they were. Their handsets may answer.

    A message to a number that an account of ours owns arrives there.
    """
    return await _work_off(ctx, TELLING)


async def bring_due(ctx: Context) -> int:
    """Hand over what handsets say now; how many messages."""
    return await _work_off(ctx, BRINGING)


async def _work_off(ctx: Context, queue: Queue[Row]) -> int:
    """A batch in one transaction; where that fails, each row in its own, and set aside whichever it is."""
    due: list[Row] = []
    try:
        async with ctx.db.main.transaction() as tx:
            due = await tx.fetch(queue.row, queue.due, SHARDS, ctx.now, EACH)
            if due:
                await queue.work(ctx, tx, due)
    except Unavailable:
        raise
    except Exception:
        if not due:
            raise
        log.exception("%d messages of the simulated carrier failed together", len(due))
        await one_by_one(due, lambda one: _alone(ctx, queue, one), lambda one: _set_aside(ctx, queue, one))
    return len(due)


async def _alone(ctx: Context, queue: Queue[Row], one: Row) -> None:
    async with ctx.db.main.transaction() as tx:
        if found := await tx.fetch(queue.row, queue.this, *one.key, ctx.now):
            await queue.work(ctx, tx, found)


async def _set_aside(ctx: Context, queue: Queue[Row], one: Row) -> None:
    account_id, message_id = one.key
    async with ctx.db.main.transaction() as tx:
        await tx.execute(queue.aside, account_id, message_id, ctx.now + ASIDE)
        await tell_of_fault(tx, account_id, sid("SM", message_id), ctx.now)


async def _tell(ctx: Context, tx: Transaction, due: Sequence[DueSms]) -> None:
    due = sorted(due, key=lambda one: (one.report_at, one.message_id))
    await take_reports(ctx, tx, [_report(one, ctx.now) for one in due])
    await tx.execute(_TOLD, [one.account_id for one in due], [one.message_id for one in due], ctx.now)
    for account_id in {one.account_id for one in due}:
        wake_after(tx, topic_of(account_id))
    got = [one for one in due if one.fate == "delivered"]
    await receive_many(ctx, tx, [_arrived(ctx, one) for one in got])
    await say_all(ctx, tx, await answers_to(ctx, tx, got))


async def _bring(ctx: Context, tx: Transaction, due: Sequence[DueSaying]) -> None:
    due = sorted(due, key=lambda one: (one.due, one.id))
    await tx.execute(_SAID, [one.account_id for one in due], [one.id for one in due])
    for account_id in {one.account_id for one in due}:
        wake_after(tx, topic_of(account_id))
    await receive_many(ctx, tx, [_brought(ctx, one) for one in due])


def _report(sms: DueSms, time: datetime) -> Report:
    state: Told = "delivered" if sms.fate == "delivered" else "undelivered"
    return Report(sms.account_id, sms.message_id, state, time, error_code=sms.error_code)


def _arrived(ctx: Context, sms: DueSms) -> Arrived:
    body = opened(ctx.settings, sms.account_id, sms.sealed_body)
    return Arrived("simulated", sms.message_id.hex, sms.sender, sms.recipient, body, sms.media_urls, sms.report_at)


def _brought(ctx: Context, said: DueSaying) -> Arrived:
    body = opened(ctx.settings, said.account_id, said.sealed_body)
    return Arrived("simulated", said.id.hex, said.sender, said.recipient, body, said.media_urls, said.due)


TELLING = Queue(DueSms, _DUE, _THIS_DUE, _DUE_ASIDE, _tell)
BRINGING = Queue(DueSaying, _SAYING, _THIS_SAYING, _SAYING_ASIDE, _bring)
