"""The service of the simulated carrier: tells, in time, what became of messages, and brings what handsets say."""

import asyncio
from datetime import datetime

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.events import wake_after
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.carrier.simulated.actions import say_all, topic_of
from octavo.products.comms.carrier.simulated.answers import answers_to
from octavo.products.comms.carrier.simulated.carrier import REPORTS
from octavo.products.comms.carrier.simulated.rows import DueSms, Said
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report, Told
from octavo.products.comms.message.shards import QUEUE_SHARDS
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

EACH = 64  # at a time, of each shard
APART = 0.04  # seconds between turns
SHARDS = list(range(QUEUE_SHARDS))

# The rows are locked until their reports are written: after a crash they are due as before, and told once.
_DUE = """
    SELECT due.* FROM unnest($1::smallint[]) AS shard (number) CROSS JOIN LATERAL (
        SELECT account_id, message_id, sender, recipient, body, media_urls, fate, error_code, report_at
        FROM comms.simulated_sms /* fanout: the carrier serves all accounts */
        WHERE queue_shard = shard.number AND report_at <= $2
        ORDER BY report_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ) AS due
"""
_TOLD = """
    UPDATE comms.simulated_sms SET report_at = NULL, told_at = $3
    WHERE (account_id, message_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
"""
_SAYING = """
    SELECT due.* FROM unnest($1::smallint[]) AS shard (number) CROSS JOIN LATERAL (
        SELECT account_id, id, sender, recipient, body, media_urls, due
        FROM comms.handset_said /* fanout: the carrier serves all accounts */
        WHERE queue_shard = shard.number AND waiting AND due <= $2
        ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED
    ) AS due
"""
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
    async with ctx.db.main.transaction() as tx:
        due = await tx.fetch(DueSms, _DUE, SHARDS, ctx.now, EACH)
        if not due:
            return 0
        due.sort(key=lambda one: (one.report_at, one.message_id))
        await take_reports(ctx, tx, [_report(one, ctx.now) for one in due])
        await tx.execute(_TOLD, [one.account_id for one in due], [one.message_id for one in due], ctx.now)
        for account_id in {one.account_id for one in due}:
            wake_after(tx, topic_of(account_id))
        got = [one for one in due if one.fate == "delivered"]
        await receive_many(ctx, tx, [_arrived(one) for one in got])
        await say_all(tx, await answers_to(tx, got, ctx.now))
    return len(due)


async def bring_due(ctx: Context) -> int:
    """Hand over what handsets say now; how many messages."""
    async with ctx.db.main.transaction() as tx:
        due = await tx.fetch(Said, _SAYING, SHARDS, ctx.now, EACH)
        if not due:
            return 0
        due.sort(key=lambda one: (one.due, one.id))
        await tx.execute(_SAID, [one.account_id for one in due], [one.id for one in due])
        for account_id in {one.account_id for one in due}:
            wake_after(tx, topic_of(account_id))
        await receive_many(ctx, tx, [_brought(one) for one in due])
    return len(due)


def _report(sms: DueSms, time: datetime) -> Report:
    state: Told = "delivered" if sms.fate == "delivered" else "undelivered"
    return Report(sms.account_id, sms.message_id, state, time, error_code=sms.error_code)


def _arrived(sms: DueSms) -> Arrived:
    return Arrived("simulated", sms.message_id.hex, sms.sender, sms.recipient, sms.body, sms.media_urls, sms.report_at)


def _brought(said: Said) -> Arrived:
    return Arrived("simulated", said.id.hex, said.sender, said.recipient, said.body, said.media_urls, said.due)
