"""Bringing a code to its recipient: by text, by call or by mail, in the transaction that made it."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.mail import Mail, send_mail
from octavo.kernel.secrets import seal
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard.actions import check_spend
from octavo.products.comms.guard.queries import standing
from octavo.products.comms.guard.rows import Wanted
from octavo.products.comms.message.actions import queue_own
from octavo.products.comms.number.queries import text_number
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.optout.queries import is_opted_out
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.pricing.rules import price_of_minute
from octavo.products.comms.service.actions import choose_sender
from octavo.products.comms.service.queries import service as messaging_service
from octavo.products.comms.usage.actions import count
from octavo.products.comms.usage.rows import Used
from octavo.products.comms.usage.rules import in_millionths
from octavo.products.comms.verify.service.queries import routes, safe_number
from octavo.products.comms.verify.service.rows import VerifyService
from octavo.products.comms.verify.verification.queries import WORDS
from octavo.products.comms.verify.verification.rows import NewVerification, Verification

_COUNTED: dict[str, str] = {"sms": "authy-sms-outbound", "call": "authy-calls-outbound"}


class HeldBack(CommsRefusal):
    """The account's guard lets no code go there."""

    def __init__(self, wanted: Wanted, why: CommsRefusal) -> None:
        super().__init__(60410, f"Verification delivery attempt blocked: {why.detail}")
        self.wanted, self.why = wanted, why


async def send_code(
    ctx: Context,
    tx: Transaction,
    account: Account,
    service: VerifyService,
    verification: Verification,
    new: NewVerification,
    words: str,
) -> None:
    """Once more, if need be: each time is an attempt. Raises CommsRefusal 21610 for those who want no texts, and
    HeldBack (60410)."""
    attempt_id, message_id, sealed = new_id(), None, None
    if verification.channel == "sms":
        message_id = await _text(ctx, tx, account, service, verification.recipient, words)
    elif verification.channel == "call":
        # A handset hears it for as long as the code is good; a voice line reads the same words.
        sealed = seal(ctx.settings, words.encode(), context=f"{WORDS}:{attempt_id}")
    else:
        name = new.custom_friendly_name or service.friendly_name
        await send_mail(ctx, tx, Mail(to=verification.recipient, subject=f"{name}: your code", text=words))
    await tx.execute(
        """
        INSERT INTO comms.verification_attempt (account_id, id, service_id, verification_id, recipient, channel,
            country, locale, code_length, message_id, sealed_words, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
        """,
        account.id,
        attempt_id,
        service.id,
        verification.id,
        verification.recipient,
        verification.channel,
        "" if verification.channel == "email" else country_of(verification.recipient),
        new.locale,
        len(new.custom_code) or service.code_length,
        message_id,
        sealed,
        ctx.now,
    )
    if verification.channel in _COUNTED:
        # What a text costs is counted with its message.
        price = 0 if message_id else _price_of_call(ctx, verification.recipient)
        await count(tx, [Used(account.id, _COUNTED[verification.channel], ctx.now.date(), price=price)])


def _price_of_call(ctx: Context, recipient: str) -> int:
    """A call that says a code takes no longer than a minute."""
    return in_millionths(price_of_minute(price_list(ctx.settings), country_of(recipient)))


async def _text(
    ctx: Context, tx: Transaction, account: Account, service: VerifyService, recipient: str, words: str
) -> UUID:
    sender, messaging_service_id = await _sender(ctx, tx, account, service, recipient)
    if await is_opted_out(tx, account.id, sender, messaging_service_id, recipient):
        raise CommsRefusal(21610, "Attempt to send to unsubscribed recipient")
    message = await queue_own(ctx, tx, account.id, sender=sender, recipient=recipient, body=words)
    if await safe_number(tx, account.id, recipient) is None:
        wanted = Wanted(recipient, message.num_segments, message.price or 0)
        [refusal] = await check_spend(ctx, tx, account, await standing(ctx.engines, account), [wanted])
        if refusal is not None:
            raise HeldBack(wanted, refusal)
    return message.id


async def _sender(
    ctx: Context, tx: Transaction, account: Account, service: VerifyService, recipient: str
) -> tuple[str, UUID | None]:
    """From the Messaging Service for the country, the account's newest number that carries texts, or the platform's."""
    found = {one.country: one.messaging_service_id for one in await routes(tx, account.id, service.id)}
    chosen = found.get(country_of(recipient)) or found.get("all")
    if chosen is not None:
        pool = await messaging_service(tx, account.id, chosen)
        return await choose_sender(tx, account, pool, recipient), chosen
    own = await text_number(tx, account.id, other_than=recipient)
    return own or ctx.settings.comms.verify_sender, None
