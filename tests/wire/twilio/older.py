"""Shapes of the older versions that are served as well, of which no OpenAPI file is at hand.

Written by hand after the vendor's reference pages, in the language of shapes.json. A test compares them with what the
official SDK reads.
"""

from typing import Any

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
NULLABLE: Shape = {"type": "string", "null": True}
TEXTS: Shape = {"type": "array", "items": TEXT}
COUNTRY: Shape = {"type": "string", "format": "iso-country-code"}
URI: Shape = {"type": "string", "format": "uri"}


def an_object(**properties: Shape) -> Shape:
    return {"type": "object", "properties": properties}


def a_list(item: Shape) -> Shape:
    return {"type": "array", "items": item}


OF_COUNTRY = {"country": TEXT, "iso_country": COUNTRY, "url": URI}
PRICED = OF_COUNTRY | {"price_unit": {"type": "string", "format": "currency"}}
PRICE = {"base_price": TEXT, "current_price": TEXT}
INBOUND = an_object(base_price=NULLABLE, current_price=NULLABLE, number_type=NULLABLE)
OUTBOUND = an_object(origination_prefixes=TEXTS, destination_prefixes=TEXTS, friendly_name=TEXT, **PRICE)

LOOKUP = an_object(
    caller_name=an_object(caller_name=NULLABLE, caller_type=NULLABLE, error_code={"type": "integer", "null": True})
    | {"null": True},
    carrier=an_object(
        mobile_country_code=NULLABLE,
        mobile_network_code=NULLABLE,
        name=NULLABLE,
        type={"type": "string", "enum": ["landline", "mobile", "voip"], "null": True},
        error_code={"type": "integer", "null": True},
    )
    | {"null": True},
    country_code=COUNTRY,
    phone_number=TEXT,
    national_format=TEXT,
    add_ons={"type": "object", "null": True},
    url=URI,
)
VOICE_COUNTRY = an_object(outbound_prefix_prices=a_list(OUTBOUND), inbound_call_prices=a_list(INBOUND), **PRICED)
VOICE_NUMBER = an_object(
    destination_number=TEXT,
    origination_number=NULLABLE,
    outbound_call_prices=a_list(an_object(origination_prefixes=TEXTS, **PRICE)),
    inbound_call_price=INBOUND | {"null": True},
    **PRICED,
)
COUNTRIES = an_object(countries=a_list(an_object(**OF_COUNTRY)), meta={"type": "object"})

OPERATIONS: dict[str, dict[str, dict[str, dict[str, Shape]]]] = {
    "lookups": {"/v1/PhoneNumbers/{PhoneNumber}": {"GET": {"200": LOOKUP}}},
    "pricing": {
        "/v2/Voice/Countries": {"GET": {"200": COUNTRIES}},
        "/v2/Voice/Countries/{IsoCountry}": {"GET": {"200": VOICE_COUNTRY}},
        "/v2/Voice/Numbers/{DestinationNumber}": {"GET": {"200": VOICE_NUMBER}},
    },
}
