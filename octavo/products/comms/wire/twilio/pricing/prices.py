"""Prices by country and number, in version 1 and, for calls, in version 2."""

from decimal import Decimal

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import inventory
from octavo.products.comms.number.rows import Kind
from octavo.products.comms.number.rules import country_of, keypad_digits, kind_of, parse_e164
from octavo.products.comms.pricing import queries, rules
from octavo.products.comms.pricing.rows import Country, PriceList
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params

api = Api("pricing", "", style="v1")
# The vendor's words for kinds of numbers in lists of prices.
WORDS: dict[Kind, str] = {
    "local": "local",
    "mobile": "mobile",
    "tollfree": "toll free",
    "national": "national",
    "voip": "voip",
    "sharedcost": "shared cost",
}


class FromNumber(Params):
    origination_number: str | None = None


@api.list("/v1/Messaging/Countries", key="countries")
@api.list("/v1/PhoneNumbers/Countries", key="countries")
@api.list("/v1/Voice/Countries", key="countries")
@api.list("/v2/Voice/Countries", key="countries")
async def list_countries(call: Call) -> Listing:
    """The countries that have prices."""

    def show(country: Country) -> Fields:
        return {"country": country.name, "iso_country": country.code, "url": f"{call.base}{call.uri}/{country.code}"}

    return Listing(queries.countries(call.page), show)


@api.fetch("/v1/Messaging/Countries/{country}")
async def fetch_messaging_prices(call: Call) -> Fields:
    """What a segment costs to and from a country."""
    country, prices = _asked(call)
    code = country.code
    outbound = rules.price_of_segment(prices, code).amount
    inbound = rules.price_of_segment(prices, code, inbound=True).amount
    any_network = {"mcc": "", "mnc": "", "carrier": "Other", "prices": [_price(outbound, "mobile")]}
    kinds = [kind for kind in inventory.kinds_in(code) if kind in ("local", "mobile", "tollfree")]
    return _resource(call, country, prices) | {
        "outbound_sms_prices": [any_network],
        "inbound_sms_prices": [_price(inbound, WORDS[kind]) for kind in kinds],
    }


@api.fetch("/v1/PhoneNumbers/Countries/{country}")
async def fetch_number_prices(call: Call) -> Fields:
    """What a month of a number costs in a country."""
    country, prices = _asked(call)
    months = [(kind, rules.price_of_number(prices, country.code, kind)) for kind in inventory.kinds_in(country.code)]
    return _resource(call, country, prices) | {
        "phone_number_prices": [_price(price.amount, WORDS[kind]) for kind, price in months if price]
    }


@api.fetch("/v1/Voice/Countries/{country}")
async def fetch_voice_prices(call: Call) -> Fields:
    """What a minute costs to and from a country."""
    return _voice(call, {})


@api.fetch("/v2/Voice/Countries/{country}")
async def fetch_voice_prices_by_origin(call: Call) -> Fields:
    """What a minute costs, by where the call comes from: here from anywhere."""
    return _voice(call, {"origination_prefixes": ["ALL"]}, prefixes="destination_prefixes")


@api.fetch("/v1/Voice/Numbers/{number}")
async def fetch_number_voice_prices(call: Call) -> Fields:
    """What a minute to one number costs."""
    number, country, prices = _number(call)
    outbound = rules.price_of_minute(prices, country.code).amount
    return _resource(call, country, prices) | {
        "number": number,
        "outbound_call_price": _price(outbound),
        "inbound_call_price": _inbound(prices, country.code, number),
    }


@api.fetch("/v2/Voice/Numbers/{number}")
async def fetch_number_voice_prices_by_origin(call: Call, params: FromNumber) -> Fields:
    """What a minute to one number costs, by where the call comes from."""
    number, country, prices = _number(call)
    outbound = rules.price_of_minute(prices, country.code).amount
    return _resource(call, country, prices) | {
        "destination_number": number,
        "origination_number": params.origination_number,
        "outbound_call_prices": [_price(outbound) | {"origination_prefixes": ["ALL"]}],
        "inbound_call_price": _inbound(prices, country.code, number),
    }


def _voice(call: Call, origin: Fields, prefixes: str = "prefixes") -> Fields:
    country, prices = _asked(call)
    outbound = rules.price_of_minute(prices, country.code).amount
    inbound = [
        (kind, rules.price_of_minute(prices, country.code, inbound=True, kind=kind).amount)
        for kind in inventory.kinds_in(country.code)
    ]
    everywhere = {
        prefixes: [str(inventory.calling_code(country.code))],
        "friendly_name": f"Outbound minute - {country.name}",
        **origin,
        **_price(outbound),
    }
    return _resource(call, country, prices) | {
        "outbound_prefix_prices": [everywhere],
        "inbound_call_prices": [_price(amount, WORDS[kind]) for kind, amount in inbound],
    }


def _asked(call: Call) -> tuple[Country, PriceList]:
    return queries.country(call.path["country"]), queries.price_list(call.ctx.settings)


def _number(call: Call) -> tuple[str, Country, PriceList]:
    number = parse_e164(keypad_digits(call.path["number"]))
    if number is None or not (code := country_of(number)):
        raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
    return number, queries.country(code), queries.price_list(call.ctx.settings)


def _resource(call: Call, country: Country, prices: PriceList) -> Fields:
    return {
        "country": country.name,
        "iso_country": country.code,
        "price_unit": prices.currency,
        "url": f"{call.base}{call.uri}",
    }


def _inbound(prices: PriceList, country: str, number: str) -> Fields:
    kind = kind_of(number)
    if kind is None:
        return {"base_price": None, "current_price": None, "number_type": None}
    return _price(rules.price_of_minute(prices, country, inbound=True, kind=kind).amount, WORDS[kind])


def _price(amount: Decimal, number_type: str = "") -> Fields:
    """Without special terms the price of the list is the one that is paid."""
    text = rules.written(amount)
    return {"base_price": text, "current_price": text} | ({"number_type": number_type} if number_type else {})
