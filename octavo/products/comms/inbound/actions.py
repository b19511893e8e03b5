"""Messages that come in: kept once each, obeyed where they ask to stop, and told to the account's server."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.callbacks import Callback, seal_fields, send
from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.hook import Hook, hook_of
from octavo.products.comms.inbound.parameters import TEXT, parameters
from octavo.products.comms.media.actions import hold_for_media
from octavo.products.comms.media.queries import media_of
from octavo.products.comms.media.rows import Fetch
from octavo.products.comms.message.actions import keep_inbound, queue_answer
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.queries import message as find_message
from octavo.products.comms.message.rows import Message
from octavo.products.comms.number.queries import numbers_by_e164, owned_number
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.optout.actions import follow
from octavo.products.comms.optout.queries import own_words
from octavo.products.comms.optout.rows import Wish
from octavo.products.comms.optout.rules import read_wish
from octavo.products.comms.service.actions import remember_sender
from octavo.products.comms.service.queries import pooled_texts, service

KIND = "comms.inbound_message"


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
    if number.service_id is not None:
        group = await service(tx, number.account_id, number.service_id)
        await remember_sender(tx, group, message.sender, number.number)
    wish = await _obey(ctx, tx, number, message)
    if message.media_urls:
        await hold_for_media(ctx, tx, [message], wish=wish)  # the server is told once they are here
    else:
        await _tell(ctx, tx, number, message, wish)


async def _obey(ctx: Context, tx: Transaction, number: PhoneNumber, message: Message) -> str:
    """Does what the message asks for by a single word, answers, and gives the wish; blank for all other messages."""
    asked = read_wish(message.body, await own_words(tx, number.account_id, _stopped(number)))
    if asked is None:
        return ""
    await follow(ctx, tx, number.account_id, await _senders(tx, number, asked.wish), message.sender, asked.wish)
    if asked.answer:
        await queue_answer(ctx, tx, message, asked.answer)
    return asked.wish


def _stopped(number: PhoneNumber) -> str:
    """What stopping the number means: its Messaging Service as a whole, where it is in one."""
    return number.service_id.hex if number.service_id else number.number


async def _senders(db: Queryable, number: PhoneNumber, wish: Wish) -> list[str]:
    """Whom a wish is about. Who starts a service again starts all of its numbers, whichever they had stopped."""
    if number.service_id is None:
        return [number.number]
    others = await pooled_texts(db, number.account_id, number.service_id) if wish == "START" else []
    return [number.service_id.hex, number.number, *others]


async def tell_of_media(ctx: Context, tx: Transaction, fetched: Fetch) -> None:
    """Tells the server of a message that waited for its files, unless it went out, or it or its number is gone."""
    try:
        message = await opened(ctx.engines, await find_message(tx, fetched.account_id, fetched.message_id))
    except CommsRefusal:
        return
    number = await owned_number(tx, fetched.account_id, message.recipient)
    if message.direction == "inbound" and number is not None:
        await _tell(ctx, tx, number, message, fetched.wish)


async def _tell(ctx: Context, tx: Transaction, number: PhoneNumber, message: Message, wish: str) -> None:
    hook = await hook_of(tx, number)
    if hook is None:
        return
    media = await media_of(tx, message.account_id, message.id) if message.media_urls else []
    form = parameters(message, media, wish=wish, api_url=ctx.settings.comms.api_url)
    await ask(ctx, tx, message.account_id, message.id, message.sid, hook, form)


async def ask(
    ctx: Context,
    tx: Transaction,
    account_id: UUID,
    message_id: UUID,
    message_sid: str,
    hook: Hook,
    form: Sequence[tuple[str, str]],
    *,
    hops: int = 0,
    id: UUID | None = None,
) -> None:
    """Asks a server what to do about a message. `hops` counts the addresses that were asked about it before.

    The text waits sealed, whether or not the account encrypts: it lies open in one place at most, the message.
    """
    words = [(name, value) for name, value in form if name == TEXT]
    await send(
        tx,
        Callback(
            id=id,
            owner_id=account_id,
            thread=message_id,
            kind=f"{KIND}.{hops}",
            subject=message_sid,
            url=hook.url,
            method=hook.method,
            form=[(name, "" if name == TEXT else value) for name, value in form],
            sealed_fields=seal_fields(ctx.settings, account_id, words),
            fallback_url=hook.fallback_url,
            fallback_method=hook.fallback_method,
            wants_answer=True,
        ),
    )
