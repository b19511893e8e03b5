"""Attempts: each time that a code was sent, and how many came back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import field

from octavo.products.comms.lookup.rules import line_of
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.pricing.rules import price_of_segment, written
from octavo.products.comms.sids import read_sid, sid
from octavo.products.comms.verify.verification import queries
from octavo.products.comms.verify.verification.queries import AttemptFilter
from octavo.products.comms.verify.verification.rows import Attempt
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2/Attempts", style="v1")


class AttemptParams(Params):
    date_created_after: datetime | None = None
    date_created_before: datetime | None = None
    to: str = field(name="ChannelData.To", default="")
    country: str = ""
    channel: Literal["sms", "call", "email", "whatsapp", "rbm"] | None = None
    verify_service_sid: str = ""
    verification_sid: str = ""
    status: Literal["converted", "unconverted"] | None = None


class SummaryParams(Params):
    verify_service_sid: str = ""
    date_created_after: datetime | None = None
    date_created_before: datetime | None = None
    country: str = ""
    channel: Literal["sms", "call", "email", "whatsapp", "rbm"] | None = None
    destination_prefix: str = ""


def attempt_resource(call: Call, one: Attempt) -> Fields:
    # What a code costs is what its text costs; the list has no price of its own for verifications.
    price = price_of_segment(price_list(call.ctx.settings), country_of(one.recipient) if one.country else "")
    return {
        "sid": one.sid,
        "account_sid": call.account_sid,
        "service_sid": sid("VA", one.service_id),
        "verification_sid": sid("VE", one.verification_id),
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "conversion_status": "converted" if one.converted else "unconverted",
        "channel": one.channel,
        "price": {"value": written(price.amount), "currency": price.currency.lower()},
        "channel_data": _channel_data(one),
        "url": f"{call.base}/v2/Attempts/{one.sid}",
    }


def _channel_data(one: Attempt) -> Fields:
    line = line_of(one.recipient, is_ours=False) if one.channel != "email" else None
    return {
        "verification_sid": sid("VE", one.verification_id),
        "to": one.recipient,
        "status": "confirmed" if one.converted else "expired" if one.expired else "unconfirmed",
        "message_status": one.message_status,
        "error_code": str(one.error_code) if one.error_code else None,
        "country": one.country or None,
        "code_length": one.code_length,
        "locale": one.locale or "en",
        "mcc": line.country_code if line else None,
        "mnc": line.network_code if line else None,
        "carrier": line.carrier if line else None,
    }


@api.list("", key="attempts")
async def list_attempts(call: Call, params: AttemptParams) -> Listing:
    """The account's attempts."""
    which = AttemptFilter(
        service_id=_id(params.verify_service_sid, "VA"),
        after=params.date_created_after,
        before=params.date_created_before,
        country=params.country,
        channel=params.channel,
        prefix=params.to,
        verification_id=_id(params.verification_sid, "VE"),
        converted=None if params.status is None else params.status == "converted",
    )
    found = await queries.attempts(call.db, call.account.id, which, call.page)
    return Listing(found, lambda one: attempt_resource(call, one))


@api.fetch("/Summary")
async def fetch_summary(call: Call, params: SummaryParams) -> Fields:
    """How many codes were sent, and how many came back."""
    which = AttemptFilter(
        service_id=_id(params.verify_service_sid, "VA"),
        after=params.date_created_after,
        before=params.date_created_before,
        country=params.country,
        channel=params.channel,
        prefix=params.destination_prefix,
    )
    found = await queries.summary(call.db, call.account.id, which)
    return {
        "total_attempts": found.total,
        "total_converted": found.converted,
        "total_unconverted": found.total - found.converted,
        "conversion_rate_percentage": f"{100 * found.converted / found.total:.9f}" if found.total else "0.0",
        "url": f"{call.base}/v2/Attempts/Summary",
    }


@api.fetch("/{attempt_sid}")
async def fetch_attempt(call: Call) -> Fields:
    """One attempt."""
    found = await queries.attempt(call.db, call.account.id, call.id("attempt_sid", "VL"))
    return attempt_resource(call, found)


def _id(text: str, prefix: str) -> UUID | None:
    return read_sid(text, prefix) if text else None
