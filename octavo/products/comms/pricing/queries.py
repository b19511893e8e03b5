"""Reading the list of prices, and the countries it is about."""

from functools import cache
from pathlib import Path
from uuid import UUID

import msgspec

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import inventory
from octavo.products.comms.paging import PageRequest, Slice
from octavo.products.comms.pricing.rows import Country, PriceList
from octavo.products.comms.usage.categories import CATEGORIES
from octavo.settings import Settings

_OURS = str(Path(__file__).with_name("prices.yaml"))


class PriceListInvalid(Exception):
    """The list of prices in {path} cannot be used: {why}"""

    def __init__(self, path: Path, why: object) -> None:
        super().__init__(f"The list of prices in {path} cannot be used: {why}")


def price_list(settings: Settings) -> PriceList:
    """The list named by the setting, else the one that comes with Octavo; read once. Raises PriceListInvalid."""
    return _read(settings.comms.price_list or _OURS)


@cache
def _read(name: str) -> PriceList:
    path = Path(name)
    try:
        prices = msgspec.yaml.decode(path.read_bytes(), type=PriceList)
    except (OSError, msgspec.DecodeError) as error:
        raise PriceListInvalid(path, error) from error
    if unknown := sorted({prices.elsewhere, *prices.countries.values()} - set(prices.zones)):
        raise PriceListInvalid(path, f"there is no zone {', '.join(unknown)}")
    if unknown := sorted(set(prices.services) - set(CATEGORIES)):
        raise PriceListInvalid(path, f"nothing is counted as {', '.join(unknown)}")
    return prices


@cache
def all_countries() -> tuple[Country, ...]:
    return tuple(
        Country(UUID(bytes=code.encode().ljust(16, b"\0")), code, inventory.country_name(code))
        for code in inventory.countries()
    )


def country(code: str) -> Country:
    """Raises CommsRefusal 20404."""
    found = next((one for one in all_countries() if one.code == code.upper()), None)
    if found is None:
        raise CommsRefusal(20404, f"The country {code} was not found")
    return found


def countries(page: PageRequest) -> Slice[Country]:
    """A page of the countries, in the order of their letters."""
    some = list(all_countries())
    if page.after is not None:
        some = [one for one in some if (one.id < page.after if page.backward else one.id > page.after)]
    items = some[-page.size :] if page.backward else some[: page.size]
    if not items:
        return Slice([])
    has_next, has_previous = items[-1] != all_countries()[-1], items[0] != all_countries()[0]
    return Slice(items, items[-1].id if has_next else None, items[0].id if has_previous else None)
