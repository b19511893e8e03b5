"""What a lookup says beyond the numbering plan, one function for each package that can be asked for.

Lines and names come from the simulated register. There is nobody to ask about the rest here: it is answered as the
hosted service answers where it has no data, so that programs meet every property.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from octavo.products.comms.lookup import queries
from octavo.products.comms.lookup.rows import Found
from octavo.products.comms.wire.twilio.core import Call, Fields, Params

NOT_COVERED = 60600  # the vendor's code for a number that a package does not reach
NOT_ENABLED = 60606  # and for a package that an account has no access to
BAD_DATE = 60617
MATCHES = (
    "first_name_match",
    "last_name_match",
    "address_lines_match",
    "city_match",
    "state_match",
    "postal_code_match",
    "address_country_match",
    "national_id_match",
    "date_of_birth_match",
)
QUALITIES = (
    "carrier_risk_score",
    "carrier_risk_category",
    "disposable_phone_risk_score",
    "disposable_phone_risk_category",
    "quality_score",
    "quality_category",
    "velocity_risk_score",
    "velocity_risk_category",
)
PRE_FILLED = ("first_name", "last_name", "address_line", "country_code", "state", "postal_code")


class LookupParams(Params):
    fields: str = ""
    country_code: str = ""
    first_name: str = ""
    last_name: str = ""
    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    address_country_code: str = ""
    national_id: str = ""
    date_of_birth: str = ""
    last_verified_date: str = ""
    verification_sid: str = ""
    partner_sub_id: str = ""


async def caller_name(call: Call, found: Found, params: LookupParams) -> Fields:
    if found.country != "US":
        return {"caller_name": None, "caller_type": None, "error_code": NOT_COVERED}
    name = await queries.caller_name(call.ctx.engines, found.number)
    return {"caller_name": name.name, "caller_type": name.type, "error_code": None}


async def line_type_intelligence(call: Call, found: Found, params: LookupParams) -> Fields:
    line = await queries.line(call.ctx.engines, found.number)
    return {
        "mobile_country_code": line.country_code,
        "mobile_network_code": line.network_code,
        "carrier_name": line.carrier,
        "type": line.type,
        "error_code": None,
    }


async def line_status(call: Call, found: Found, params: LookupParams) -> Fields:
    return {"status": "unknown", "error_code": None}


async def sim_swap(call: Call, found: Found, params: LookupParams) -> Fields:
    line = await queries.line(call.ctx.engines, found.number)
    is_mobile = line.type == "mobile"
    never = {"last_sim_swap_date": None, "swapped_period": "PT24H", "swapped_in_period": False}
    return {
        "last_sim_swap": never if is_mobile else None,
        "carrier_name": line.carrier,
        "mobile_country_code": line.country_code,
        "mobile_network_code": line.network_code,
        "error_code": None if is_mobile else NOT_COVERED,
    }


async def call_forwarding(call: Call, found: Found, params: LookupParams) -> Fields:
    is_covered = found.country == "GB"
    return {
        "call_forwarding_enabled": False if is_covered else None,
        "error_code": None if is_covered else NOT_COVERED,
    }


async def identity_match(call: Call, found: Found, params: LookupParams) -> Fields:
    matches = dict.fromkeys(MATCHES, "no_data_available")
    return {**matches, "summary_score": 0, "error_code": None, "error_message": None}


async def reassigned_number(call: Call, found: Found, params: LookupParams) -> Fields:
    try:
        date.fromisoformat(params.last_verified_date)
    except ValueError:
        return {"last_verified_date": None, "is_number_reassigned": None, "error_code": str(BAD_DATE)}
    return {
        "last_verified_date": params.last_verified_date,
        "is_number_reassigned": "no_data_available",
        "error_code": None,
    }


async def sms_pumping_risk(call: Call, found: Found, params: LookupParams) -> Fields:
    return {
        "carrier_risk_category": "low",
        "number_blocked": False,
        "number_blocked_date": None,
        "number_blocked_last_3_months": None,
        "sms_pumping_risk_score": 0,
        "error_code": None,
    }


async def phone_number_quality_score(call: Call, found: Found, params: LookupParams) -> Fields:
    return {**dict.fromkeys(QUALITIES), "error_code": NOT_ENABLED}


async def pre_fill(call: Call, found: Found, params: LookupParams) -> Fields:
    return {**dict.fromkeys(PRE_FILLED), "error_code": NOT_ENABLED}


PACKAGES: dict[str, Callable[[Call, Found, LookupParams], Awaitable[Fields]]] = {
    one.__name__: one
    for one in (
        caller_name,
        sim_swap,
        call_forwarding,
        line_status,
        line_type_intelligence,
        identity_match,
        reassigned_number,
        sms_pumping_risk,
        phone_number_quality_score,
        pre_fill,
    )
}
