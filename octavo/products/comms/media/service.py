"""The service that fetches files of messages: what goes out waits for them, and so does the word of what came in."""

import asyncio
import logging
import tempfile
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.actions import tell_of_media
from octavo.products.comms.media.actions import FETCHING, keep_media
from octavo.products.comms.media.fetching import Unreachable, fetch_media
from octavo.products.comms.media.rows import Fetch
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.message.shards import QUEUE_SHARDS
from octavo.products.comms.message.storing import DISPATCH
from octavo.products.comms.monitor.actions import raise_alert
from octavo.products.comms.monitor.rows import Exchange
from octavo.products.comms.sids import sid
from octavo.products.comms.turns import LONGEST_SLEEP, repeat

log = logging.getLogger("octavo.comms")
AT_ONCE = 8  # messages
LEASE = timedelta(seconds=75)  # renewed for each file; whoever does not is taken for dead
MOST_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=2)
ALL_SHARDS = list(range(QUEUE_SHARDS))

_CLAIM = """
    UPDATE comms.media_fetch SET due = $3, attempts = attempts + 1
    WHERE (account_id, message_id) IN (
        SELECT account_id, message_id FROM comms.media_fetch /* fanout: one service for all accounts */
        WHERE queue_shard = ANY($1) AND due <= $2 ORDER BY due LIMIT $4 FOR UPDATE SKIP LOCKED
    )
    RETURNING account_id, message_id, urls, wish, attempts
"""
_NEXT = "SELECT min(due) FROM comms.media_fetch /* fanout: one service for all accounts */ WHERE queue_shard = ANY($1)"
# A scheduled message goes back to its time. `waits` and pace are the dispatch's own.
_RELEASE = """
    UPDATE comms.outbound AS o SET due = greatest(coalesce(m.send_at, $3), $3)
    FROM comms.message AS m
    WHERE o.account_id = $1 AND o.message_id = $2 AND m.account_id = o.account_id AND m.id = o.message_id
"""


async def run_media(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`."""

    async def turn() -> float:
        while not stopping.is_set() and await _until_stopped(fetch_due(engines.context(now())), stopping) == AT_ONCE:
            pass
        due: datetime | None = await engines.db.main.value(_NEXT, ALL_SHARDS)
        return LONGEST_SLEEP if due is None else (due - now()).total_seconds()

    await repeat(engines, stopping, topic=FETCHING, turn=turn, name="fetching of media")


async def _until_stopped(work: Coroutine[object, object, int], stopping: asyncio.Event) -> int:
    """Servers may be slow: when the process is to end, what was begun is given back."""
    begun, ending = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({begun, ending}, return_when=asyncio.FIRST_COMPLETED)
        return begun.result() if begun.done() else 0
    finally:
        ending.cancel()
        if not begun.done():
            begun.cancel()
            await asyncio.gather(begun, return_exceptions=True)


async def fetch_due(ctx: Context) -> int:
    """Fetch the files of some messages, side by side; how many messages."""
    claimed = await ctx.db.main.fetch(Fetch, _CLAIM, ALL_SHARDS, ctx.now, ctx.now + LEASE, AT_ONCE)
    await asyncio.gather(*(_fetch(ctx, one) for one in claimed))
    return len(claimed)


async def _fetch(ctx: Context, one: Fetch) -> None:
    try:
        refusal = await _store_files(ctx, one)
    except Unreachable as failure:
        if one.attempts < MOST_ATTEMPTS:
            await _due_in(ctx, one, RETRY_AFTER * one.attempts)
            return
        refusal = failure.refusal
    except asyncio.CancelledError:
        await asyncio.shield(_due_in(ctx, one, timedelta(0)))
        raise
    except Exception:
        log.exception("Media of message %s could not be fetched, and is tried again", one.message_id)
        return
    async with ctx.db.main.transaction() as tx:
        ours = await tx.execute(
            "DELETE FROM comms.media_fetch WHERE account_id = $1 AND message_id = $2", one.account_id, one.message_id
        )
        if not ours:
            return  # somebody took us for dead, and was quicker
        if refusal is None:
            goes_out = await _go_on(ctx, tx, one)
        else:
            goes_out = await _fail(ctx, tx, one, refusal)
            await _alert(tx, one, refusal)
        if not goes_out:
            await tell_of_media(ctx, tx, one)


async def _store_files(ctx: Context, one: Fetch) -> CommsRefusal | None:
    """All files or none. Raises Unreachable."""
    with tempfile.TemporaryDirectory(prefix="put-", dir=ctx.blobs.spool_dir) as folder:
        try:
            files = []
            for position, url in enumerate(one.urls):
                await _due_in(ctx, one, LEASE)
                files.append(await fetch_media(ctx, one.account_id, one.message_id, position, url, Path(folder)))
            await keep_media(ctx, one.account_id, files)
        except CommsRefusal as refusal:
            log.warning("media of %s refused: %s %s", one.message_id, refusal.number, refusal.detail)
            return refusal
    return None


async def _due_in(ctx: Context, one: Fetch, wait: timedelta) -> None:
    await ctx.db.main.execute(
        "UPDATE comms.media_fetch SET due = $3 WHERE account_id = $1 AND message_id = $2",
        one.account_id,
        one.message_id,
        now() + wait,
    )


async def _go_on(ctx: Context, tx: Transaction, one: Fetch) -> bool:
    """Lets a message that goes out take its turn; whether it is one."""
    released = await tx.execute(_RELEASE, one.account_id, one.message_id, ctx.now)
    wake_after(tx, DISPATCH)
    return bool(released)


async def _fail(ctx: Context, tx: Transaction, one: Fetch, refusal: CommsRefusal) -> bool:
    """Ends a message whose files cannot be had; whether it was one that goes out."""
    ended = await tx.execute(
        "DELETE FROM comms.outbound WHERE account_id = $1 AND message_id = $2", one.account_id, one.message_id
    )
    if ended:
        await take_reports(ctx, tx, [_report(one.account_id, one.message_id, refusal.number, now())])
    return bool(ended)


async def _alert(tx: Transaction, one: Fetch, refusal: CommsRefusal) -> None:
    resource = sid("MM", one.message_id)
    exchange = Exchange(method="GET", url=one.urls[0])
    await raise_alert(
        tx, one.account_id, refusal.number, at=now(), resource_sid=resource, said=refusal.detail, exchange=exchange
    )


def _report(account_id: UUID, message_id: UUID, number: int, at: datetime) -> Report:
    return Report(account_id, message_id, "failed", at, error_code=number)
