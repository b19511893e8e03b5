"""Which countries an account may send messages to."""

from typing import Any

import msgspec
import phonenumbers

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard.actions import permit_countries
from octavo.products.comms.guard.queries import policy_of
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params

api = Api("accounts", "/v1/Messaging/GeoPermissions", style="v1")
COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
NO_COUNTRY = 20404


class CountryFilter(Params):
    country_code: str | None = None


class Changes(Params):
    permissions: list[str] = []


class _Change(msgspec.Struct):
    country_code: str
    enabled: bool
    type: str = "country"


@api.fetch("")
async def fetch_permissions(call: Call, params: CountryFilter) -> Fields:
    """The countries, or those asked for, and whether messages may go there."""
    policy = await policy_of(call.db, call.account)
    asked = {one.strip().upper() for one in (params.country_code or "").split(",")} - {""}
    return {
        "permissions": [
            {
                "country_code": country,
                "type": "country",
                "enabled": policy.permits(country),
                "prefix": f"+{phonenumbers.country_code_for_region(country)}",
                "message": "",
            }
            for country in COUNTRIES
            if not asked or country in asked
        ]
    }


@api.route("PATCH", "")
async def change_permissions(call: Call, params: Changes) -> Fields:
    """Open or close countries; each change is answered for by itself."""
    changes = [_change(text) for text in params.permissions]
    if not changes:
        raise CommsRefusal(20001, "Permissions is required.")
    known = {one.country_code.upper(): one.enabled for one in changes if one.country_code.upper() in COUNTRIES}
    await permit_countries(call.ctx, call.account, known)
    return {"permissions": [_answer(one) for one in changes]}


def _answer(change: _Change) -> dict[str, Any]:
    known = change.country_code.upper() in COUNTRIES
    return {
        "country_code": change.country_code,
        "type": change.type,
        "enabled": change.enabled,
        "error_code": 0 if known else NO_COUNTRY,
        "error_messages": [] if known else [f"{change.country_code[:10]} is no country code"],
    }


def _change(text: str) -> _Change:
    try:
        return msgspec.json.decode(text, type=_Change)
    except msgspec.DecodeError as error:
        raise CommsRefusal(20001, f"Permissions: {error}") from None
