"""Services of Verify."""

from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType, field

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.sids import is_sid, read_sid, sid_or_none
from octavo.products.comms.verify.service import actions, queries
from octavo.products.comms.verify.service.rows import ServiceChanges, VerifyService
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params, iso

api = Api("verify", "/v2/Services", style="v1")
LINKS = {
    "verification_checks": "VerificationCheck",
    "verifications": "Verifications",
    "rate_limits": "RateLimits",
    "messaging_configurations": "MessagingConfigurations",
    "entities": "Entities",
    "webhooks": "Webhooks",
    "access_tokens": "AccessTokens",
}


class ServiceParams(Params):
    friendly_name: str | None = None
    code_length: int | None = None
    lookup_enabled: bool | None = None
    skip_sms_to_landlines: bool | None = None
    dtmf_input_required: bool | None = None
    tts_name: str | None = None
    psd2_enabled: bool | None = None
    do_not_share_warning_enabled: bool | None = None
    custom_code_enabled: bool | None = None
    default_template_sid: str | None = None
    verify_event_subscription_enabled: bool | None = None
    push: dict[str, str] = field(name="Push.", default_factory=dict)
    totp: dict[str, str] = field(name="Totp.", default_factory=dict)
    whatsapp: dict[str, str] = field(name="Whatsapp.", default_factory=dict)
    passkeys: dict[str, str] = field(name="Passkeys.", default_factory=dict)


def service_resource(call: Call, one: VerifyService) -> Fields:
    url = f"{call.base}/v2/Services/{one.sid}"
    return {
        "sid": one.sid,
        "account_sid": call.account_sid,
        "friendly_name": one.friendly_name,
        "code_length": one.code_length,
        "lookup_enabled": one.lookup_enabled,
        "psd2_enabled": one.psd2_enabled,
        "skip_sms_to_landlines": one.skip_sms_to_landlines,
        "dtmf_input_required": one.dtmf_input_required,
        "tts_name": one.tts_name or None,
        "do_not_share_warning_enabled": one.do_not_share_warning_enabled,
        "custom_code_enabled": one.custom_code_enabled,
        "push": {"include_date": True, "apn_credential_sid": None, "fcm_credential_sid": None} | one.push,
        "totp": {
            "issuer": one.totp_issuer or one.friendly_name,
            "time_step": one.totp_time_step,
            "code_length": one.totp_code_length,
            "skew": one.totp_skew,
        },
        "default_template_sid": sid_or_none("HJ", one.default_template_id),
        "whatsapp": {"msg_service_sid": None, "from": None} | one.whatsapp,
        "passkeys": _passkeys(one.passkeys),
        "verify_event_subscription_enabled": one.verify_event_subscription_enabled,
        "date_created": iso(one.created_at),
        "date_updated": iso(one.updated_at),
        "url": url,
        "links": {key: f"{url}/{name}" for key, name in LINKS.items()},
    }


def _passkeys(kept: dict[str, Any]) -> Fields:
    names = ("authenticator_attachment", "discoverable_credentials", "user_verification")
    party = {name: kept.get(f"relying_party_{name}") for name in ("id", "name", "origins")}
    return {"relying_party": party} | {name: kept.get(name) for name in names}


@api.create("")
async def create_service(call: Call, params: ServiceParams) -> Fields:
    """Make a service."""
    return service_resource(call, await actions.create_service(call.ctx, call.account, _changes(params)))


@api.list("", key="services")
async def list_services(call: Call) -> Listing:
    """The account's services."""
    return Listing(await queries.services(call.db, call.account.id, call.page), lambda one: service_resource(call, one))


@api.fetch("/{service_sid}")
async def fetch_service(call: Call) -> Fields:
    """One service."""
    return service_resource(call, await queries.service(call.db, call.account.id, call.id("service_sid", "VA")))


@api.update("/{service_sid}")
async def update_service(call: Call, params: ServiceParams) -> Fields:
    """Change a service."""
    service_id = call.id("service_sid", "VA")
    return service_resource(call, await actions.change_service(call.ctx, call.account, service_id, _changes(params)))


@api.delete("/{service_sid}")
async def delete_service(call: Call) -> None:
    """Remove a service with everything that belongs to it."""
    await actions.delete_service(call.ctx, call.account, call.id("service_sid", "VA"))


def _changes(params: ServiceParams) -> ServiceChanges:
    return ServiceChanges(
        friendly_name=_given(params.friendly_name),
        code_length=_given(params.code_length),
        lookup_enabled=_given(params.lookup_enabled),
        skip_sms_to_landlines=_given(params.skip_sms_to_landlines),
        dtmf_input_required=_given(params.dtmf_input_required),
        tts_name=_given(params.tts_name),
        psd2_enabled=_given(params.psd2_enabled),
        do_not_share_warning_enabled=_given(params.do_not_share_warning_enabled),
        custom_code_enabled=_given(params.custom_code_enabled),
        default_template_id=_template_id(params.default_template_sid),
        totp_issuer=params.totp.get("Issuer", UNSET),
        totp_time_step=_number(params.totp, "TimeStep"),
        totp_code_length=_number(params.totp, "CodeLength"),
        totp_skew=_number(params.totp, "Skew"),
        push=_kept(params.push) or UNSET,
        whatsapp=_kept(params.whatsapp) or UNSET,
        passkeys=_kept(params.passkeys) or UNSET,
        verify_event_subscription_enabled=_given(params.verify_event_subscription_enabled),
    )


def _given(value: Any) -> Any:
    return UNSET if value is None else value


def _number(found: dict[str, str], name: str) -> int | UnsetType:
    text = found.get(name, "")
    if text and not text.isdecimal():
        raise CommsRefusal(60200, f"Invalid parameter `Totp.{name}`")
    return int(text) if text else UNSET


def _template_id(text: str | None) -> UUID | UnsetType | None:
    """Blank takes the template away. Raises CommsRefusal 60228."""
    if text is None:
        return UNSET
    if text and not is_sid(text, "HJ"):
        raise CommsRefusal(60228)
    return read_sid(text, "HJ") if text else None


def _kept(found: dict[str, str]) -> dict[str, Any]:
    """`RelyingParty.Id` is kept as relying_party_id; a blank value is none, and true and false are what they say."""
    words: dict[str, Any] = {"": None, "true": True, "false": False}
    return {_snake(name): words.get(value, value) for name, value in found.items()}


def _snake(name: str) -> str:
    spread = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name.replace(".", ""))
    return spread.removeprefix("_")
