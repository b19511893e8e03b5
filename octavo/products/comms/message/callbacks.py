"""Status callbacks: what the sender of a message is told of its states."""

from collections.abc import Sequence

from octavo.kernel.callbacks import Callback, send_many
from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.message.rows import Changed
from octavo.products.comms.message.rules import obfuscated
from octavo.products.comms.sids import sid

KIND = "comms.message_status"
API_VERSION = "2010-04-01"


async def tell_of(ctx: Context, tx: Transaction, changed: Sequence[Changed]) -> None:
    """Queue a callback for each that has an address, in the order of the states of its message."""
    wanted = [_callback(one) for one in changed if one.status_callback]
    if wanted:
        await send_many(tx, wanted, now=ctx.now)


def _callback(one: Changed) -> Callback:
    form = [
        ("ApiVersion", API_VERSION),
        ("MessageStatus", one.status),
        ("SmsSid", one.sid),
        ("SmsStatus", one.status),
        ("To", obfuscated(one.recipient) if one.hides_recipient else one.recipient),
        ("From", one.sender),
        ("MessageSid", one.sid),
        ("AccountSid", sid("AC", one.account_id)),
    ]
    if one.service_id is not None:
        form.append(("MessagingServiceSid", sid("MG", one.service_id)))
    if one.error_code is not None and one.status in ("failed", "undelivered"):
        form.append(("ErrorCode", str(one.error_code)))
    return Callback(
        owner_id=one.account_id,
        thread=one.id,
        kind=KIND,
        subject=one.sid,
        url=one.status_callback,
        form=form,
    )
