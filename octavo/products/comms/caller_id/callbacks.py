"""The callback that tells an account how a verification ended."""

from octavo.kernel.callbacks import Callback, send_many
from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.caller_id.rows import ValidationRequest
from octavo.products.comms.sids import sid

KIND = "comms.caller_id_status"
API_VERSION = "2010-04-01"


async def tell_of(ctx: Context, tx: Transaction, ended: ValidationRequest) -> None:
    """Queue the callback, where the request named an address for it."""
    if ended.status_callback:
        await send_many(tx, [_callback(ended)], now=ctx.now)


def _callback(ended: ValidationRequest) -> Callback:
    form = [
        ("ApiVersion", API_VERSION),
        ("AccountSid", sid("AC", ended.account_id)),
        ("CallSid", ended.call_sid),
        ("CallStatus", "completed"),
        ("Direction", "outbound-api"),
        ("To", ended.number),
        ("Called", ended.number),
        ("VerificationStatus", ended.status),
    ]
    if ended.caller_id is not None:
        form.append(("OutgoingCallerIdSid", sid("PN", ended.caller_id)))
    return Callback(
        owner_id=ended.account_id,
        thread=ended.id,
        kind=KIND,
        subject=ended.call_sid,
        url=ended.status_callback,
        method="GET" if ended.status_callback_method == "GET" else "POST",
        form=form,
    )
