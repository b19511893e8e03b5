"""Messages that come in: kept once each, obeyed where they ask to stop, told to the account's server, and answered."""

from collections.abc import Sequence
from urllib.parse import urljoin
from uuid import UUID

from octavo.kernel.callbacks import Callback, Delivery, send
from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.account.rows import Account
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.hook import Hook, hook_of
from octavo.products.comms.inbound.parameters import parameters
from octavo.products.comms.inbound.rows import RedirectVerb, ReplyVerb
from octavo.products.comms.inbound.twiml import verbs_of
from octavo.products.comms.message.actions import create_message, keep_inbound, queue_answer
from octavo.products.comms.message.queries import message as find_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.number.queries import numbers_by_e164
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.optout.actions import follow
from octavo.products.comms.optout.queries import own_words
from octavo.products.comms.optout.rows import Wish
from octavo.products.comms.optout.rules import read_wish
from octavo.products.comms.service.queries import pooled_texts
from octavo.products.comms.sids import read_sid

KIND = "comms.inbound_message"
MOST_REDIRECTS = 10


async def receive_many(ctx: Context, tx: Transaction, arrived: Sequence[Arrived]) -> None:
    """Takes what a carrier brings, once for each reference; what is for none of our numbers is let go."""
    if not arrived:
        return
    numbers = await numbers_by_e164(tx, [one.recipient for one in arrived])
    for one in arrived:
        number = numbers.get(one.recipient)
        if number is not None:
            await _receive(ctx, tx, number, one)


async def _receive(ctx: Context, tx: Transaction, number: PhoneNumber, one: Arrived) -> None:
    message = await keep_inbound(ctx, tx, number, one)
    if message is None:
        return
    asked = read_wish(one.body, await own_words(tx, number.account_id, _stopped(number)))
    if asked is not None:
        await follow(ctx, tx, number.account_id, await _senders(tx, number, asked.wish), one.sender, asked.wish)
        if asked.answer:
            await queue_answer(ctx, tx, message, asked.answer)
    hook = await hook_of(tx, number)
    if hook is not None:
        await _ask(tx, message, hook, parameters(message, wish=asked.wish if asked else None), hops=0)


def _stopped(number: PhoneNumber) -> str:
    """What stopping the number means: its Messaging Service as a whole, where it is in one."""
    return number.service_id.hex if number.service_id else number.number


async def _senders(db: Queryable, number: PhoneNumber, wish: Wish) -> list[str]:
    """Whom a wish is about. Who starts a service again starts all of its numbers, whichever they had stopped."""
    if number.service_id is None:
        return [number.number]
    others = await pooled_texts(db, number.account_id, number.service_id) if wish == "START" else []
    return [number.service_id.hex, number.number, *others]


async def _ask(tx: Transaction, message: Message, hook: Hook, form: list[tuple[str, str]], *, hops: int) -> None:
    await send(
        tx,
        Callback(
            owner_id=message.account_id,
            thread=message.id,
            kind=f"{KIND}.{hops}",
            subject=message.sid,
            url=hook.url,
            method=hook.method,
            form=form,
            fallback_url=hook.fallback_url,
            fallback_method=hook.fallback_method,
            wants_answer=True,
        ),
    )


async def carry_out(ctx: Context, delivery: Delivery, content_type: str, body: bytes) -> None:
    """Does what the account's server answered. Doing it again does nothing more. Raises CommsRefusal for bad TwiML."""
    account = await find_account(ctx.db.main, delivery.owner_id)
    if account is None or not delivery.kind.startswith(KIND):
        return
    message = await find_message(ctx.db.main, account.id, read_sid(delivery.subject, "SM", "MM"))
    for position, verb in enumerate(verbs_of(content_type, body)):
        if isinstance(verb, RedirectVerb):
            await _redirect(ctx, delivery, message, verb)
        else:
            await _reply(ctx, account, delivery, message, verb, position)


async def _reply(
    ctx: Context, account: Account, delivery: Delivery, message: Message, verb: ReplyVerb, position: int
) -> None:
    base = delivery.url
    new = NewMessage(
        to=verb.to or message.sender,
        from_=verb.from_ or message.recipient,
        body=verb.body,
        media_urls=tuple(urljoin(base, url) for url in verb.media),
        status_callback=urljoin(base, verb.status_callback or verb.action)
        if verb.status_callback or verb.action
        else "",
    )
    await create_message(ctx, account, new, direction="outbound-reply", message_id=_derived(delivery.id, position))


async def _redirect(ctx: Context, delivery: Delivery, message: Message, verb: RedirectVerb) -> None:
    hops = int(delivery.kind.rpartition(".")[2]) + 1
    if hops > MOST_REDIRECTS:
        raise CommsRefusal(14108, f"More than {MOST_REDIRECTS} redirects follow one another.")
    hook = Hook(urljoin(delivery.url, verb.url), "GET" if verb.method == "GET" else "POST", "", "POST")
    async with ctx.db.main.transaction() as tx:
        await _ask(tx, message, hook, parameters(message, wish=None), hops=hops)


def _derived(delivery_id: UUID, position: int) -> UUID:
    """The id of a reply: the same each time, so that carrying an answer out twice sends one message."""
    return UUID(int=delivery_id.int ^ (position + 1))
