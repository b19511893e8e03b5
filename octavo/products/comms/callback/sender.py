"""How callbacks of communications are signed, and what is done with answers and failures."""

import logging
from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.callbacks import Attempt, Delivery, Form, Reason, Sender, Signed, register_sender
from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Transaction
from octavo.products.comms.account.queries import signing_token
from octavo.products.comms.codes import CommsRefusal, text_of
from octavo.products.comms.inbound.answers import carry_out
from octavo.products.comms.inbound.cookie.actions import keep_cookies
from octavo.products.comms.inbound.cookie.queries import conversation_of, cookies
from octavo.products.comms.inbound.cookie.rules import header
from octavo.products.comms.monitor.actions import raise_alert
from octavo.products.comms.monitor.rows import Exchange
from octavo.products.comms.monitor.words import Words, sealed_words
from octavo.products.comms.signature import HEADER, signature, with_body_hash

log = logging.getLogger("octavo.comms")
# The debugger's codes for why a server did not take a callback.
CODES: dict[Reason, int] = {
    "status": 11200,
    "refused": 11100,
    "connection": 11205,
    "timeout": 11205,
    "protocol": 11206,
    "name": 11210,
    "redirects": 11215,
    "tls": 11220,
}


def register() -> None:
    """Called once, where the product is put together."""
    sender = Sender(
        sign=_sign, explain=_explain, answered=_answered, failed=_failed, cookies=_cookies, keep_cookies=_keep_cookies
    )
    register_sender("comms", sender)


async def _sign(engines: Engines, owner_id: UUID, url: str, form: Form, json: bytes | None) -> Signed:
    if json is not None:
        url = with_body_hash(url, json)
    return Signed(url, {HEADER: signature(await signing_token(engines, owner_id), url, form)})


def _explain(attempt: Attempt) -> Form:
    return [("ErrorCode", str(CODES[attempt.reason])), ("ErrorUrl", attempt.url)]


async def _cookies(engines: Engines, delivery: Delivery, url: str) -> str:
    """Only servers that are asked what to do have conversations."""
    if not delivery.wants_answer:
        return ""
    conversation = conversation_of(engines.settings, delivery, url)
    return header(await cookies(engines.db.main, engines.settings, delivery.owner_id, conversation), url, now())


async def _keep_cookies(engines: Engines, delivery: Delivery, url: str, said: Sequence[str]) -> None:
    if delivery.wants_answer:
        conversation = conversation_of(engines.settings, delivery, url)
        await keep_cookies(engines.context(now()), delivery.owner_id, conversation, url, said)


async def _answered(ctx: Context, delivery: Delivery, content_type: str, body: bytes) -> None:
    try:
        await carry_out(ctx, delivery, content_type, body)
    except CommsRefusal as refusal:
        # The server was reached and asked for something that cannot be done: asking it again would not help.
        log.info("Answer to %s refused: %s %s", delivery.subject, refusal.number, refusal.detail)
        async with ctx.db.main.transaction() as tx:
            exchange = _exchange(ctx, delivery, delivery.url, body.decode(errors="replace"))
            await _alert(ctx, tx, delivery, refusal.number, refusal.detail, 200, exchange)


async def _failed(ctx: Context, tx: Transaction, delivery: Delivery, attempt: Attempt, is_last: bool) -> None:
    """An alert when it first fails, and one when it is given up; what comes between says nothing new."""
    if delivery.rounds == 0 or is_last:
        number = CODES[attempt.reason]
        said = text_of(number) if attempt.reason == "status" else attempt.detail
        exchange = _exchange(ctx, delivery, attempt.url, attempt.detail if attempt.reason == "status" else "")
        await _alert(ctx, tx, delivery, number, said, attempt.status, exchange)


def _exchange(ctx: Context, delivery: Delivery, url: str, answer: str) -> Exchange:
    words = sealed_words(ctx.settings, delivery.owner_id, Words(delivery.fields, answer))
    return Exchange(method=delivery.method, url=url, sealed_words=words)


async def _alert(
    ctx: Context, tx: Transaction, delivery: Delivery, number: int, said: str, status: int | None, exchange: Exchange
) -> None:
    await raise_alert(
        tx,
        delivery.owner_id,
        number,
        at=ctx.now,
        resource_sid=delivery.subject,
        said=said,
        status=status,
        exchange=exchange,
    )
