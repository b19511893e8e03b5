"""Verifications, and checks of what came back."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.sids import is_sid, read_sid, sid
from octavo.products.comms.verify.check.actions import Answer, check_code
from octavo.products.comms.verify.verification import actions, queries
from octavo.products.comms.verify.verification.rows import Attempt, NewVerification, Verification
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params, iso

api = Api("verify", "/v2/Services/{service_sid}", style="v1")


class VerificationParams(Params):
    to: str = ""
    channel: str = ""
    custom_friendly_name: str = ""
    custom_code: str = ""
    send_digits: str = ""
    locale: str = ""
    amount: str = ""
    payee: str = ""
    rate_limits: str = ""
    app_hash: str = ""
    template_sid: str = ""
    template_custom_substitutions: str = ""


class VerificationUpdate(Params):
    status: Annotated[Literal["canceled", "approved"], Meta(extra={"code": 60200})] | None = None


class CheckParams(Params):
    code: str = ""
    to: str = ""
    verification_sid: str = ""
    amount: str = ""
    payee: str = ""


def verification_resource(call: Call, one: Verification, attempts: list[Attempt]) -> Fields:
    service_sid = sid("VA", one.service_id)
    return {
        "sid": one.sid,
        "service_sid": service_sid,
        "account_sid": call.account_sid,
        "to": one.recipient,
        "channel": one.channel,
        "status": one.status,
        "valid": one.status == "approved",
        "lookup": one.lookup,
        "amount": one.amount or None,
        "payee": one.payee or None,
        "send_code_attempts": [
            {"time": iso(sent.created_at), "channel": sent.channel.upper(), "attempt_sid": sent.sid}
            for sent in attempts
        ],
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "sna": None,
        "url": f"{call.base}/v2/Services/{service_sid}/Verifications/{one.sid}",
    }


async def _shown(call: Call, one: Verification) -> Fields:
    return verification_resource(call, one, await queries.attempts_of(call.db, call.account.id, one.id))


@api.create("/Verifications")
async def create_verification(call: Call, params: VerificationParams) -> Fields:
    """Send a code, or the same code again."""
    new = NewVerification(
        to=params.to,
        channel=params.channel,
        custom_friendly_name=params.custom_friendly_name,
        custom_code=params.custom_code,
        send_digits=params.send_digits,
        locale=params.locale,
        amount=params.amount,
        payee=params.payee,
        template_id=_template_id(params.template_sid),
        substitutions=_texts("TemplateCustomSubstitutions", params.template_custom_substitutions),
        app_hash=params.app_hash,
        rate_limits=_texts("RateLimits", params.rate_limits),
    )
    service_id = call.id("service_sid", "VA")
    return await _shown(call, await actions.start_verification(call.ctx, call.account, service_id, new))


@api.fetch("/Verifications/{verification_sid}")
async def fetch_verification(call: Call) -> Fields:
    """A verification that is still open."""
    service_id, verification_id = call.id("service_sid", "VA"), call.id("verification_sid", "VE")
    found = await queries.open_verification(call.db, call.account.id, service_id, verification_id, call.ctx.now)
    return await _shown(call, found)


@api.update("/Verifications/{verification_sid}")
async def update_verification(call: Call, params: VerificationUpdate) -> Fields:
    """Cancel a verification, or approve it for a code that was checked elsewhere."""
    if params.status is None:
        raise CommsRefusal(60200, "Missing required parameter `Status`.")
    service_id, verification_id = call.id("service_sid", "VA"), call.id("verification_sid", "VE")
    ended = await actions.end_verification(call.ctx, call.account, service_id, verification_id, params.status)
    return await _shown(call, ended)


@api.create("/VerificationCheck")
async def create_verification_check(call: Call, params: CheckParams) -> Fields:
    """Tell whether a code is the right one."""
    answer = Answer(
        code=params.code,
        to=params.to,
        verification_id=_verification_id(params.verification_sid),
        amount=params.amount,
        payee=params.payee,
    )
    one = await check_code(call.ctx, call.account, call.id("service_sid", "VA"), answer)
    return {
        "sid": one.sid,
        "service_sid": sid("VA", one.service_id),
        "account_sid": call.account_sid,
        "to": one.recipient,
        "channel": one.channel,
        "status": one.status,
        "valid": one.status == "approved",
        "amount": one.amount or None,
        "payee": one.payee or None,
        "sna_attempts_error_codes": [],
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
    }


def _verification_id(text: str) -> UUID | None:
    return read_sid(text, "VE") if text else None


def _template_id(text: str) -> UUID | None:
    """Raises CommsRefusal 60228."""
    if text and not is_sid(text, "HJ"):
        raise CommsRefusal(60228)
    return read_sid(text, "HJ") if text else None


def _texts(name: str, document: str) -> dict[str, str]:
    """A JSON object as texts. Raises CommsRefusal 60200."""
    if not document:
        return {}
    try:
        found = msgspec.json.decode(document, type=dict[str, Any])
    except msgspec.DecodeError:
        raise CommsRefusal(60200, f"Invalid parameter `{name}`: a JSON object is expected.") from None
    return {key: str(value) for key, value in found.items()}
