"""A list of prices."""

from decimal import Decimal
from uuid import UUID

from msgspec import Struct


class Price(Struct, frozen=True):
    """An amount in major units, as the vendor writes it: Decimal("0.0080") and "USD"."""

    amount: Decimal
    currency: str


class Ways(Struct, frozen=True, forbid_unknown_fields=True):
    """What something costs on its way out and on its way in."""

    outbound: Decimal
    inbound: Decimal


class CallPrices(Ways, frozen=True, forbid_unknown_fields=True):
    """Per minute; whoever has a toll-free number pays more for the calls that come in on it."""

    inbound_tollfree: Decimal


class Zone(Struct, frozen=True, forbid_unknown_fields=True):
    """Prices that several countries share; `number` has the price of a month by kind."""

    message: Ways
    picture: Ways
    call: CallPrices
    number: dict[str, Decimal]


class PriceList(Struct, frozen=True, forbid_unknown_fields=True):
    """`countries` has the zone of a country by its ISO 3166 letters; any other is in the zone `elsewhere`.

    `services` has what costs the same everywhere, by the category of usage that it is counted in.
    """

    currency: str
    elsewhere: str
    zones: dict[str, Zone]
    countries: dict[str, str]
    services: dict[str, Decimal] = {}

    def zone(self, country: str) -> Zone:
        return self.zones[self.countries.get(country, self.elsewhere)]


class Country(Struct, frozen=True):
    """A country by its ISO 3166 letters and its name; `id` is made of the letters, for paging."""

    id: UUID
    code: str
    name: str
