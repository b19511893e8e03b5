"""Lookups of a number, in versions 2 and 1."""

from typing import Literal

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.lookup import queries
from octavo.products.comms.lookup.actions import count_lookups
from octavo.products.comms.lookup.rows import LineType
from octavo.products.comms.lookup.rules import looked_at
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params
from octavo.products.comms.wire.twilio.lookups.packages import PACKAGES, LookupParams

api = Api("lookups", "", style="v1")
# Version 1 knows three kinds of lines.
_OLD_TYPES: dict[LineType, str] = {"mobile": "mobile", "fixedVoip": "voip", "nonFixedVoip": "voip"}
_PACKAGES = {"carrier": "line_type_intelligence", "caller-name": "caller_name"}


class OldLookup(Params):
    country_code: str = ""
    type: list[Literal["carrier", "caller-name"]] = []
    add_ons: list[str] = []


@api.fetch("/v2/PhoneNumbers/{phone_number}")
async def look_up(call: Call, params: LookupParams) -> Fields:
    """Whether a number is valid, and what else was asked for in `Fields`. A number that is not valid is no error."""
    asked = [name.strip() for name in params.fields.split(",") if name.strip()]
    unknown = [name for name in asked if name not in (*PACKAGES, "validation")]
    if unknown:
        raise CommsRefusal(20001, f"Invalid value for parameter Fields: {', '.join(unknown):.80}")
    found = looked_at(call.path["phone_number"], params.country_code)
    said = {
        name: await package(call, found, params) if name in asked and found.valid else None
        for name, package in PACKAGES.items()
    }
    if not call.is_test:
        packages = [name for name, told in said.items() if told is not None]
        await count_lookups(call.ctx, call.account.id, packages)
    return {
        "calling_country_code": found.calling_code or None,
        "country_code": found.country or None,
        "phone_number": found.number,
        "national_format": found.national_format or None,
        "valid": found.valid,
        "validation_errors": list(found.errors),
        **said,
        "url": f"{call.base}/v2/PhoneNumbers/{found.number}",
    }


@api.fetch("/v1/PhoneNumbers/{phone_number}")
async def look_up_v1(call: Call, params: OldLookup) -> Fields:
    """The first version: a number that is not valid is not found."""
    found = looked_at(call.path["phone_number"], params.country_code)
    if not found.valid:
        raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
    if not call.is_test:
        await count_lookups(call.ctx, call.account.id, [_PACKAGES[name] for name in params.type])
    return {
        "caller_name": await _caller_name(call, found.number, found.country) if "caller-name" in params.type else None,
        "country_code": found.country,
        "phone_number": found.number,
        "national_format": found.national_format,
        "carrier": await _carrier(call, found.number) if "carrier" in params.type else None,
        "add_ons": None,
        "url": f"{call.base}/v1/PhoneNumbers/{found.number}",
    }


async def _carrier(call: Call, number: str) -> Fields:
    line = await queries.line(call.ctx.engines, number)
    return {
        "mobile_country_code": line.country_code,
        "mobile_network_code": line.network_code,
        "name": line.carrier,
        "type": _OLD_TYPES.get(line.type, "landline"),
        "error_code": None,
    }


async def _caller_name(call: Call, number: str, country: str) -> Fields:
    if country != "US":
        return {"caller_name": None, "caller_type": None, "error_code": 60600}
    name = await queries.caller_name(call.ctx.engines, number)
    return {"caller_name": name.name, "caller_type": name.type, "error_code": None}
