"""Carrying out what a server answered to a message that came in."""

from urllib.parse import parse_qsl, urljoin

from octavo.kernel.callbacks import Delivery
from octavo.kernel.context import Context
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.actions import KIND, ask
from octavo.products.comms.inbound.following import REDIRECTED, derived_id
from octavo.products.comms.inbound.hook import Hook
from octavo.products.comms.inbound.parameters import TEXT
from octavo.products.comms.inbound.rows import RedirectVerb, ReplyVerb
from octavo.products.comms.inbound.twiml import read_answer
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.queries import message as find_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.sids import read_sid

MOST_HOPS = 10
TOLD_OF_FAILURES = ("ErrorCode", "ErrorUrl")


async def carry_out(ctx: Context, delivery: Delivery, content_type: str, body: bytes) -> None:
    """Does what was answered; doing it again does nothing more.

    Raises CommsRefusal for what cannot be done, once the fallback was asked in its place, where there is one; and for
    what was passed over, once everything else was done.
    """
    account = await find_account(ctx.db.main, delivery.owner_id)
    if account is None or not delivery.kind.startswith(KIND):
        return
    message = await find_message(ctx.db.main, account.id, read_sid(delivery.subject, "SM", "MM"))
    try:
        document = read_answer(content_type, body)
    except CommsRefusal as refusal:
        await _ask_fallback(ctx, delivery, message, refusal)
        raise
    refused = [await _do(ctx, account, delivery, message, verb, n) for n, verb in enumerate(document.verbs)]
    for one in refused:
        if one is not None:
            raise one
    for problem in document.problems:
        raise CommsRefusal(problem.code, f"Line {problem.line}: {problem.text}")


async def _do(
    ctx: Context, account: Account, delivery: Delivery, message: Message, verb: ReplyVerb | RedirectVerb, position: int
) -> CommsRefusal | None:
    """One verb; what is wrong with it keeps none of the others from being done."""
    try:
        if isinstance(verb, RedirectVerb):
            await _redirect(ctx, delivery, message, verb)
        else:
            await _reply(ctx, account, delivery, message, verb, position)
    except CommsRefusal as refusal:
        return refusal
    return None


async def _reply(
    ctx: Context, account: Account, delivery: Delivery, message: Message, verb: ReplyVerb, position: int
) -> None:
    callback = verb.status_callback or verb.action
    new = NewMessage(
        to=verb.to or message.sender,
        from_=verb.from_ or message.recipient,
        body=verb.body,
        media_urls=tuple(urljoin(delivery.url, url) for url in verb.media),
        status_callback=urljoin(delivery.url, callback) if callback else "",
    )
    await create_message(ctx, account, new, direction="outbound-reply", message_id=derived_id(delivery.id, position))


async def _redirect(ctx: Context, delivery: Delivery, message: Message, verb: RedirectVerb) -> None:
    hook = Hook(urljoin(delivery.url, verb.url), verb.method, delivery.fallback_url, delivery.fallback_method)
    await _ask_next(ctx, delivery, message, hook, [])


async def _ask_fallback(ctx: Context, delivery: Delivery, message: Message, refusal: CommsRefusal) -> None:
    """The fallback is told what was wrong; it has none itself."""
    if delivery.fallback_url:
        hook = Hook(delivery.fallback_url, delivery.fallback_method, "", "POST")
        told = [("ErrorCode", str(refusal.number)), ("ErrorUrl", delivery.url)]
        await _ask_next(ctx, delivery, message, hook, told)


async def _ask_next(
    ctx: Context, delivery: Delivery, message: Message, hook: Hook, told: list[tuple[str, str]]
) -> None:
    """The next address is told the same, but for a text that was forgotten meanwhile."""
    hops = int(delivery.kind.rpartition(".")[2]) + 1
    if hops > MOST_HOPS:
        raise CommsRefusal(11215, f"More than {MOST_HOPS} redirects follow one another.")
    text = (await opened(ctx.engines, message)).body
    form = [
        (name, text if name == TEXT else value)
        for name, value in parse_qsl(delivery.fields, keep_blank_values=True)
        if name not in TOLD_OF_FAILURES
    ]
    async with ctx.db.main.transaction() as tx:
        next_id = derived_id(delivery.id, REDIRECTED)
        await ask(
            ctx, tx, delivery.owner_id, delivery.thread, delivery.subject, hook, form + told, hops=hops, id=next_id
        )
