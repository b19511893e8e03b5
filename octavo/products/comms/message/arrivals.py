"""Messages that come in, and our own answers to them."""

from uuid import UUID

from msgspec import structs

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction, storable
from octavo.kernel.ids import new_id
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.message import queries
from octavo.products.comms.message.acceptance import asked_now, made
from octavo.products.comms.message.bodies import sealed
from octavo.products.comms.message.rows import Message, MessageId, NewMessage
from octavo.products.comms.message.segments import segments_of
from octavo.products.comms.message.storing import store_outbound
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.usage.actions import count_messages

LONGEST_ARRIVED = 10_000  # characters; carriers join what people send in parts


async def keep_inbound(ctx: Context, tx: Transaction, number: PhoneNumber, arrived: Arrived) -> Message | None:
    """A message for one of our numbers, with its text; None where its reference came before."""
    body = storable(arrived.body, longest=LONGEST_ARRIVED)
    encoding, count = segments_of(body)
    message = Message(
        account_id=number.account_id,
        id=MessageId(new_id()),
        direction="inbound",
        sender=arrived.sender,
        recipient=arrived.recipient,
        body=body,
        encoding=encoding,
        num_segments=count,
        status="received",
        created_at=ctx.now,
        updated_at=ctx.now,
        states=["receiving", "received"],
        state_times=[min(arrived.at, ctx.now), ctx.now],
        media_urls=list(arrived.media_urls),
        num_media=len(arrived.media_urls),
        service_id=number.service_id,
        sent_at=ctx.now,
        carrier=arrived.carrier,
        carrier_ref=arrived.carrier_ref,
    )
    account = await find_account(tx, number.account_id)
    stored = (await sealed(ctx.engines, number.account_id, [message]))[0] if account.encrypt_bodies else message
    kept = await tx.execute(
        f"{queries.INSERT} ON CONFLICT (account_id, carrier, carrier_ref) WHERE direction = 'inbound' DO NOTHING",
        *structs.astuple(stored),
    )
    if not kept:
        return None
    await count_messages(ctx, tx, [(message.account_id, message.id)])
    return message


async def queue_answer(ctx: Context, tx: Transaction, received: Message, body: str) -> None:
    """Our own answer to somebody's wish to stop or start, which goes out even to those who stopped."""
    await queue_own(ctx, tx, received.account_id, sender=received.recipient, recipient=received.sender, body=body)


async def queue_own(
    ctx: Context, tx: Transaction, account_id: UUID, *, sender: str, recipient: str, body: str
) -> Message:
    """A message that Octavo itself sends for an account, from whom and to whom was decided already."""
    account = await find_account(tx, account_id)
    asked = asked_now(NewMessage(to=recipient, body=body), "outbound-reply")
    message = made(ctx, account, asked, sender, recipient)
    await store_outbound(ctx, tx, account.id, [message], encrypt=account.encrypt_bodies)
    return message
