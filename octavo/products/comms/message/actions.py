"""Accepting messages and changing them: each in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.account.rows import Account
from octavo.products.comms.carrier.simulated.actions import hold_heard
from octavo.products.comms.guard.queries import standing
from octavo.products.comms.media.actions import forget_media
from octavo.products.comms.media.queries import media_of
from octavo.products.comms.message import queries, reports, rules
from octavo.products.comms.message.acceptance import Asked, Verdict, accept, asked_now
from octavo.products.comms.message.arrivals import keep_inbound, queue_answer, queue_own
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.callbacks import tell_of
from octavo.products.comms.message.forgetting import forget_copies
from octavo.products.comms.message.grouping import accept_together
from octavo.products.comms.message.retention import forget_as_asked
from octavo.products.comms.message.rows import Changed, Direction, Feedback, Message, MessageId, NewMessage, Report
from octavo.products.comms.monitor.actions import note_event

__all__ = [
    "cancel_message",
    "create_message",
    "create_messages",
    "delete_message",
    "keep_feedback",
    "keep_inbound",
    "queue_answer",
    "queue_own",
    "redact_message",
    "take_reports",
]


async def create_message(
    ctx: Context,
    account: Account,
    new: NewMessage,
    *,
    direction: Direction = "outbound-api",
    message_id: UUID | None = None,
) -> Message:
    """Accepts a message and queues it. Raises CommsRefusal with the vendor's numbers.

    Under a `message_id` that is there already nothing happens, so that whoever is not sure may ask again.
    """
    asked = asked_now(new, direction) if message_id is None else Asked(new, direction, MessageId(message_id))
    return await accept_together(ctx, account, asked)


async def create_messages(ctx: Context, account: Account, new: Sequence[NewMessage]) -> list[Verdict]:
    """Accepts many in one transaction: for each in order the message, or why it was refused."""
    found = await standing(ctx.engines, account)
    async with ctx.db.main.transaction() as tx:
        return await accept(ctx, tx, account, found, [asked_now(one) for one in new])


async def take_reports(ctx: Context, some: Sequence[Report], *, carrier: str = "") -> list[Changed]:
    """What a carrier tells, in a transaction of its own; the messages that changed."""
    async with ctx.db.main.transaction() as tx:
        return await reports.take_reports(ctx, tx, some, carrier=carrier)


async def cancel_message(ctx: Context, account: Account, message_id: UUID) -> Message:
    """Stops a message that is scheduled or still waits. Raises CommsRefusal 20404 or 30409."""
    async with ctx.db.main.transaction() as tx:
        # The row of the queue goes first: whoever holds its lease is about to send it.
        stopped = await tx.execute(
            "DELETE FROM comms.outbound WHERE account_id = $1 AND message_id = $2 AND lease IS NULL",
            account.id,
            message_id,
        )
        before = await queries.message(tx, account.id, message_id)
        rules.may_cancel(before.status if stopped else "sending" if before.status == "queued" else before.status)
        canceled = await _canceled(ctx, tx, before)
    return await opened(ctx.engines, canceled)


async def redact_message(ctx: Context, account: Account, message_id: UUID) -> Message:
    """Forgets the text. Raises CommsRefusal 20404 or 20009."""
    async with ctx.db.main.transaction() as tx:
        await hold_heard(tx, account.id, message_id)
        before = await queries.message(tx, account.id, message_id)
        rules.may_redact(before.status)
        redacted = await tx.one(
            Message,
            f"""
            UPDATE comms.message SET body = '', sealed_body = NULL, body_key = NULL, updated_at = $3
            WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
            """,
            account.id,
            message_id,
            ctx.now,
        )
        await forget_copies(ctx, tx, before)
        await note_event(ctx, tx, account.id, "message.redacted", resource_sid=before.sid)
    assert redacted is not None
    return redacted


async def delete_message(ctx: Context, account: Account, message_id: UUID) -> None:
    """With its files. Raises CommsRefusal 20404, or 20009 while it is being sent."""
    async with ctx.db.main.transaction() as tx:
        await hold_heard(tx, account.id, message_id)
        # Who keeps files of it holds it until they are written: those are seen below, and none come after them.
        await tx.execute(
            "SELECT FROM comms.message WHERE account_id = $1 AND id = $2 FOR UPDATE", account.id, message_id
        )
        before = await queries.message(tx, account.id, message_id)
        rules.may_redact(before.status)
        await tx.execute(
            "DELETE FROM comms.message_feedback WHERE account_id = $1 AND message_id = $2", account.id, message_id
        )
        files = await media_of(tx, account.id, message_id)
        await forget_media(tx, files)
        await tx.execute("DELETE FROM comms.message WHERE account_id = $1 AND id = $2", account.id, message_id)
        await forget_copies(ctx, tx, before)
        await note_event(ctx, tx, account.id, "message.deleted", resource_sid=before.sid)
    for one in files:
        await ctx.blobs.delete(one.key)


async def keep_feedback(ctx: Context, account: Account, message_id: UUID, outcome: str) -> Feedback:
    """A message that did what it was for once did so for good. Raises CommsRefusal 20404."""
    await queries.message(ctx.db.main, account.id, message_id)
    kept = await ctx.db.main.one(
        Feedback,
        """
        INSERT INTO comms.message_feedback AS f (account_id, message_id, outcome, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (account_id, message_id) DO UPDATE SET
            outcome = CASE WHEN f.outcome = 'confirmed' THEN f.outcome ELSE excluded.outcome END,
            updated_at = excluded.updated_at
        RETURNING account_id, message_id, outcome, created_at, updated_at
        """,
        account.id,
        message_id,
        outcome,
        ctx.now,
    )
    assert kept is not None
    return kept


async def _canceled(ctx: Context, tx: Transaction, message: Message) -> Message:
    changed = await tx.one(
        Message,
        f"""
        UPDATE comms.message SET status = 'canceled', states = states || 'canceled'::text,
            state_times = state_times || $3::timestamptz, updated_at = $3
        WHERE account_id = $1 AND id = $2 RETURNING {queries.COLUMNS}
        """,
        message.account_id,
        message.id,
        ctx.now,
    )
    assert changed is not None
    told = [queries.as_changed(changed)]
    await forget_as_asked(ctx, tx, told)
    await tell_of(ctx, tx, told)
    return await queries.message(tx, message.account_id, message.id)
