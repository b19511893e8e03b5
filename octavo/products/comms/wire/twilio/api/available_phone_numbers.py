"""Numbers that could be bought, by country and kind."""

import re
from typing import Annotated, Literal, get_args

from msgspec import Meta

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import inventory, queries, rules
from octavo.products.comms.number.places import place_of
from octavo.products.comms.number.rows import Available, Kind, Place, Search
from octavo.products.comms.paging import Slice
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Listing, Params

api = Api("api", "/2010-04-01/Accounts/{account_sid}/AvailablePhoneNumbers", style="2010")
Path = Literal["Local", "TollFree", "Mobile", "National", "Voip", "SharedCost", "MachineToMachine"]
# The vendor's words in paths and in the keys of `subresource_uris`. Machine-to-machine numbers are in no plan.
KINDS: dict[str, Kind] = {
    "Local": "local",
    "TollFree": "tollfree",
    "Mobile": "mobile",
    "National": "national",
    "Voip": "voip",
    "SharedCost": "sharedcost",
}
KEYS: dict[Kind, tuple[str, str]] = {
    "local": ("local", "Local"),
    "tollfree": ("toll_free", "TollFree"),
    "mobile": ("mobile", "Mobile"),
    "national": ("national", "National"),
    "voip": ("voip", "Voip"),
    "sharedcost": ("shared_cost", "SharedCost"),
}
NOWHERE = Place("nowhere", "nowhere", "nowhere", "nowhere", -90.0, 0.0)
_DEGREES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*")


class AvailableFilter(Params):
    """The address filters and `Beta` leave nothing out: no number of the stock needs an address, and none is new."""

    area_code: str = ""
    contains: str = ""
    sms_enabled: bool | None = None
    mms_enabled: bool | None = None
    voice_enabled: bool | None = None
    fax_enabled: bool | None = None
    exclude_all_address_required: bool | None = None
    exclude_local_address_required: bool | None = None
    exclude_foreign_address_required: bool | None = None
    beta: bool | None = None
    near_number: str = ""
    near_lat_long: str = ""
    distance: Annotated[int, Meta(ge=1, le=500)] = 25
    in_postal_code: str = ""
    in_region: str = ""
    in_rate_center: str = ""
    in_lata: str = ""
    in_locality: str = ""

    def search(self, country: str, kind: Kind) -> Search:
        """Raises CommsRefusal for a filter that cannot be read."""
        if self.area_code and not self.area_code.isdecimal():
            raise CommsRefusal(20001, f"Invalid value for parameter AreaCode: {self.area_code!r:.40}")
        if self.contains and not inventory.is_pattern(self.contains):
            raise CommsRefusal(20001, f"Invalid value for parameter Contains: {self.contains!r:.40}")
        return Search(
            country=country,
            kind=kind,
            area_code=self.area_code,
            contains=self.contains,
            region=_there(self.in_region, "region"),
            locality=_there(self.in_locality, "locality"),
            postal_code=_there(self.in_postal_code, "postal_code"),
            rate_center=_there(self.in_rate_center, "locality"),
            lata=_there(self.in_lata, "lata"),
            near=self._near(),
            distance=self.distance,
            sms=self.sms_enabled,
            mms=self.mms_enabled,
            voice=self.voice_enabled,
            fax=self.fax_enabled,
        )

    def _near(self) -> tuple[float, float] | None:
        if self.near_lat_long:
            degrees = _DEGREES.fullmatch(self.near_lat_long)
            if degrees is None:
                raise CommsRefusal(20001, f"Invalid value for parameter NearLatLong: {self.near_lat_long!r:.40}")
            return float(degrees[1]), float(degrees[2])
        if not self.near_number:
            return None
        place = place_of(self.near_number) or NOWHERE
        return place.latitude or 0.0, place.longitude or 0.0


def _there(text: str, name: str) -> str:
    """What a filter wants: the text, or for a phone number what its place has."""
    return str(getattr(place_of(text) or NOWHERE, name)) if text.startswith("+") else text


def country_resource(call: Call, country: str) -> Fields:
    root = f"/2010-04-01/Accounts/{call.account_sid}/AvailablePhoneNumbers/{country}"
    return {
        "country_code": country,
        "country": inventory.country_name(country),
        "uri": f"{root}.json",
        "beta": False,
        "subresource_uris": {KEYS[kind][0]: f"{root}/{KEYS[kind][1]}.json" for kind in inventory.kinds_in(country)},
    }


def available_resource(found: Available) -> Fields:
    place, carries = found.place, found.capabilities
    return {
        "friendly_name": rules.national_format(found.number),
        "phone_number": found.number,
        "lata": place.lata or None,
        "locality": place.locality or None,
        "rate_center": place.locality.upper() or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "region": place.region or None,
        "postal_code": place.postal_code or None,
        "iso_country": found.country,
        "address_requirements": "none",
        "beta": False,
        # The vendor answers in capitals and documents small letters: its SDKs read the one or the other.
        "capabilities": {
            "voice": carries.voice,
            "sms": carries.sms,
            "mms": carries.mms,
            "fax": carries.fax,
            "SMS": carries.sms,
            "MMS": carries.mms,
        },
    }


@api.fetch("")
async def list_countries(call: Call) -> Fields:
    """Countries with numbers."""
    return {
        "countries": [country_resource(call, country) for country in inventory.countries()],
        "uri": f"/2010-04-01/Accounts/{call.account_sid}/AvailablePhoneNumbers.json",
    }


@api.fetch("/{country_code}")
async def fetch_country(call: Call) -> Fields:
    """The kinds of numbers of a country."""
    return country_resource(call, _country(call))


@api.list("/{country_code}/{kind}", key="available_phone_numbers")
async def search_numbers(call: Call, params: AvailableFilter) -> Listing:
    """Numbers that fit, one page of them and no other: the stock has no end."""
    country, word = _country(call), call.path["kind"]
    if word not in get_args(Path):
        raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
    kind = KINDS.get(word, "local")
    search = params.search(country, kind)
    seed, most = call.ctx.settings.comms.number_seed, call.page.size
    found = await queries.available_numbers(call.db, seed, search, most) if word in KINDS else []
    return Listing(Slice(found), available_resource)


def _country(call: Call) -> str:
    country = call.path["country_code"].upper()
    if country not in inventory.countries():
        raise CommsRefusal(20404, f"The requested resource {call.uri} was not found")
    return country
