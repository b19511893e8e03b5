"""Gathering all files of one message, and what becomes of the message then."""

import asyncio
import logging
import tempfile
from datetime import timedelta
from pathlib import Path

from octavo.kernel.clock import now
from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.actions import tell_of_media
from octavo.products.comms.media.actions import keep_media
from octavo.products.comms.media.fetching import NotNow, fetch_media
from octavo.products.comms.media.queue import LEASE, put_off
from octavo.products.comms.media.rows import Fetch
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.message.storing import DISPATCH
from octavo.products.comms.monitor.actions import raise_alert
from octavo.products.comms.monitor.rows import Exchange
from octavo.products.comms.sids import sid

log = logging.getLogger("octavo.comms")
MOST_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=2)

# A scheduled message goes back to its time. `waits` and pace are the dispatch's own.
_RELEASE = """
    UPDATE comms.outbound AS o SET due = greatest(coalesce(m.send_at, $3), $3)
    FROM comms.message AS m
    WHERE o.account_id = $1 AND o.message_id = $2 AND m.account_id = o.account_id AND m.id = o.message_id
"""


async def gather(ctx: Context, one: Fetch) -> None:
    """Lets the message go on with its files, or ends it without. What goes wrong is told and never raised, but for a
    cancellation: then the message is given back.
    """
    try:
        await _gather(ctx, one)
    except asyncio.CancelledError:
        await asyncio.shield(put_off(ctx.db.main, one, timedelta(0)))
        raise


async def _gather(ctx: Context, one: Fetch) -> None:
    try:
        refusal = await _store_files(ctx, one)
    except NotNow as failure:
        if one.attempts < MOST_ATTEMPTS:
            await put_off(ctx.db.main, one, RETRY_AFTER * one.attempts)
            return
        refusal = failure.refusal
    async with ctx.db.main.transaction() as tx:
        ours = await tx.execute(
            "DELETE FROM comms.media_fetch WHERE account_id = $1 AND message_id = $2", one.account_id, one.message_id
        )
        if not ours:
            return  # somebody took us for dead, and was quicker
        if refusal is None:
            goes_out = await _go_on(tx, one)
        else:
            goes_out = await _fail(ctx, tx, one, refusal)
            await _alert(tx, one, refusal)
        if not goes_out:
            await tell_of_media(ctx, tx, one)


async def _store_files(ctx: Context, one: Fetch) -> CommsRefusal | None:
    """All files or none. Raises NotNow."""
    spool = ctx.blobs.spool_dir
    # A thread of ours may still write there when we are cancelled: the sweep of the spool finds what stays then.
    with tempfile.TemporaryDirectory(prefix="put-", dir=spool, ignore_cleanup_errors=True) as folder:
        try:
            files = []
            for position, url in enumerate(one.urls):
                await put_off(ctx.db.main, one, LEASE)
                files.append(await fetch_media(ctx, one.account_id, one.message_id, position, url, Path(folder)))
            await keep_media(ctx, one.account_id, files)
        except CommsRefusal as refusal:
            log.warning("media of %s refused: %s %s", one.message_id, refusal.number, refusal.detail)
            return refusal
    return None


async def _go_on(tx: Transaction, one: Fetch) -> bool:
    """Lets a message that goes out take its turn; whether it is one."""
    released = await tx.execute(_RELEASE, one.account_id, one.message_id, now())
    wake_after(tx, DISPATCH)
    return bool(released)


async def _fail(ctx: Context, tx: Transaction, one: Fetch, refusal: CommsRefusal) -> bool:
    """Ends a message whose files cannot be had; whether it was one that goes out."""
    ended = await tx.execute(
        "DELETE FROM comms.outbound WHERE account_id = $1 AND message_id = $2", one.account_id, one.message_id
    )
    if ended:
        report = Report(one.account_id, one.message_id, "failed", now(), error_code=refusal.number)
        await take_reports(ctx, tx, [report])
    return bool(ended)


async def _alert(tx: Transaction, one: Fetch, refusal: CommsRefusal) -> None:
    resource = sid("MM", one.message_id)
    exchange = Exchange(method="GET", url=one.urls[0])
    await raise_alert(
        tx, one.account_id, refusal.number, at=now(), resource_sid=resource, said=refusal.detail, exchange=exchange
    )
