"""Accepting messages and changing them: each in one transaction."""

from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import Account, AccountId
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message import queries, rules
from octavo.products.comms.message.rows import Direction, Feedback, Message, MessageId, NewMessage, Status
from octavo.products.comms.message.segments import segments_of, smart_encoded
from octavo.products.comms.message.sender import check_recipient, checked_sender, with_service
from octavo.products.comms.message.shards import queue_shard
from octavo.products.comms.number.rows import PhoneNumber

DISPATCH = "comms.dispatch"  # what the dispatch is woken by
USUAL_VALIDITY = 14_400  # seconds, as with the vendor

_INSERT = """
    WITH made AS (
        INSERT INTO comms.message (account_id, id, direction, sender, recipient, body, encoding, num_segments,
            media_urls, status, service_id, status_callback, validity_seconds, send_at, states, state_times,
            created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text, $11, $12, $13, $14, ARRAY[$10::text],
            ARRAY[$15::timestamptz], $15, $15)
        ON CONFLICT (account_id, id) DO NOTHING RETURNING sender, num_segments
    )
    INSERT INTO comms.outbound (account_id, message_id, queue_shard, sender, segments, due, expires_at)
    SELECT $1, $2, $16, sender, num_segments, $17, $18 FROM made
"""


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
    recipient = check_recipient(new.to)
    rules.check_content(new)
    rules.check_timing(new, ctx.now)
    async with ctx.db.main.transaction() as tx:
        new, service = await with_service(tx, account, new)
        sender = await checked_sender(tx, account, new, service, recipient)
        message = made(ctx, account.id, new, direction, sender, recipient, message_id or new_id())
        await _insert(tx, message)
        wake_after(tx, DISPATCH)
    return message


def made(
    ctx: Context,
    account_id: AccountId,
    new: NewMessage,
    direction: Direction,
    sender: str,
    recipient: str,
    message_id: UUID,
) -> Message:
    body = smart_encoded(new.body) if new.smart_encoded else new.body
    encoding, count = segments_of(body)
    status: Status = "scheduled" if new.send_at else "accepted" if new.service_id else "queued"
    return Message(
        account_id=account_id,
        id=MessageId(message_id),
        direction=direction,
        sender=sender,
        recipient=recipient,
        body=body,
        encoding=encoding,
        num_segments=count,
        media_urls=list(new.media_urls),
        status=status,
        error_code=None,
        service_id=new.service_id,
        status_callback=new.status_callback,
        validity_seconds=new.validity_seconds,
        send_at=new.send_at,
        price=None,
        currency="USD",
        carrier="",
        carrier_ref="",
        states=[status],
        state_times=[ctx.now],
        created_at=ctx.now,
        updated_at=ctx.now,
        sent_at=None,
    )


async def _insert(tx: Transaction, message: Message) -> None:
    due = message.send_at or message.created_at
    await tx.execute(
        _INSERT,
        message.account_id,
        message.id,
        message.direction,
        message.sender,
        message.recipient,
        message.body,
        message.encoding,
        message.num_segments,
        message.media_urls,
        message.status,
        message.service_id,
        message.status_callback,
        message.validity_seconds,
        message.send_at,
        message.created_at,
        queue_shard(message.id),
        due,
        due + timedelta(seconds=message.validity_seconds or USUAL_VALIDITY),
    )


async def queue_answer(ctx: Context, tx: Transaction, received: Message, body: str) -> None:
    """Our own answer to somebody's wish to stop or start, which goes out even to those who stopped."""
    new = NewMessage(to=received.sender, body=body)
    await _insert(
        tx, made(ctx, received.account_id, new, "outbound-reply", received.recipient, received.sender, new_id())
    )
    wake_after(tx, DISPATCH)


async def keep_inbound(ctx: Context, tx: Transaction, number: PhoneNumber, arrived: Arrived) -> Message | None:
    """A message for one of our numbers; None where its reference came before."""
    encoding, count = segments_of(arrived.body)
    return await tx.one(
        Message,
        f"""
        INSERT INTO comms.message (account_id, id, direction, sender, recipient, body, encoding, num_segments,
            media_urls, status, service_id, carrier, carrier_ref, states, state_times, created_at, updated_at, sent_at)
        VALUES ($1, $2, 'inbound', $3, $4, $5, $6, $7, $8, 'received', $9, $10, $11, ARRAY['receiving', 'received'],
            ARRAY[$12::timestamptz, $13::timestamptz], $13, $13, $13)
        ON CONFLICT (account_id, carrier, carrier_ref) WHERE direction = 'inbound' DO NOTHING
        RETURNING {queries.COLUMNS}
        """,
        number.account_id,
        new_id(),
        arrived.sender,
        arrived.recipient,
        arrived.body,
        encoding,
        count,
        list(arrived.media_urls),
        number.service_id,
        arrived.carrier,
        arrived.carrier_ref,
        min(arrived.at, ctx.now),
        ctx.now,
    )


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
        return await _to_state(tx, before, "canceled", ctx)


async def redact_message(ctx: Context, account: Account, message_id: UUID) -> Message:
    """Forgets the text. Raises CommsRefusal 20404 or 20009."""
    async with ctx.db.main.transaction() as tx:
        rules.may_redact((await queries.message(tx, account.id, message_id)).status)
        redacted = await tx.one(
            Message,
            f"""
            UPDATE comms.message SET body = '', updated_at = $3 WHERE account_id = $1 AND id = $2
            RETURNING {queries.COLUMNS}
            """,
            account.id,
            message_id,
            ctx.now,
        )
    assert redacted is not None
    return redacted


async def delete_message(ctx: Context, account: Account, message_id: UUID) -> None:
    """Raises CommsRefusal 20404, or 20009 while it is being sent."""
    async with ctx.db.main.transaction() as tx:
        rules.may_redact((await queries.message(tx, account.id, message_id)).status)
        await tx.execute(
            "DELETE FROM comms.message_feedback WHERE account_id = $1 AND message_id = $2", account.id, message_id
        )
        await tx.execute("DELETE FROM comms.message WHERE account_id = $1 AND id = $2", account.id, message_id)


async def keep_feedback(ctx: Context, account: Account, message_id: UUID, outcome: str) -> Feedback:
    """Raises CommsRefusal 20404 where there is no such message."""
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


async def _to_state(tx: Transaction, message: Message, status: Status, ctx: Context) -> Message:
    changed = await tx.one(
        Message,
        f"""
        UPDATE comms.message SET status = $3, states = states || $3::text, state_times = state_times || $4::timestamptz,
            updated_at = $4
        WHERE account_id = $1 AND id = $2 AND status = ANY($5) RETURNING {queries.COLUMNS}
        """,
        message.account_id,
        message.id,
        status,
        ctx.now,
        list(rules.BEFORE[status]),
    )
    if changed is None:
        raise CommsRefusal(30409, f"The message is {message.status} already.")
    return changed
