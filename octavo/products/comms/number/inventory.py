"""The simulated stock of numbers: the same for the same seed, valid by each country's plan, and without an end.

Numbers are drawn from a hash of the seed and a running index, in the shape of libphonenumber's example for the country
and kind, and kept where libphonenumber finds them valid and of that kind.
"""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b

import phonenumbers
from babel import Locale
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from octavo.products.comms.number.places import areas_where, place_of
from octavo.products.comms.number.rows import Available, Capabilities, Kind, Place, Search
from octavo.products.comms.number.rules import capabilities_of, keypad_digits, kind_of

_TYPES: dict[Kind, int] = {
    "local": PhoneNumberType.FIXED_LINE,
    "mobile": PhoneNumberType.MOBILE,
    "tollfree": PhoneNumberType.TOLL_FREE,
    "national": PhoneNumberType.UAN,
    "voip": PhoneNumberType.VOIP,
    "sharedcost": PhoneNumberType.SHARED_COST,
}
_NORTH_AMERICA = ("US", "CA")
DRAWS = 2000  # in one stretch of the stock
STRETCHES = 1_000_000
# The vendor's: `*` is any digit, `%` any digits, `+` the beginning and `$` the end. Wildcards stand at the ends.
_PATTERN = re.compile(r"\+?[*%]*[0-9A-Za-z]{2,}[*%]*\$?")


@cache
def countries() -> tuple[str, ...]:
    """Every country with numbers to be had, by its ISO 3166 letters."""
    return tuple(country for country in sorted(phonenumbers.SUPPORTED_REGIONS) if kinds_in(country))


def country_name(country: str) -> str:
    """In English, as the vendor answers."""
    return str(Locale("en").territories.get(country, country))


def calling_code(country: str) -> int:
    """The digits after `+`, by ITU-T E.164."""
    return phonenumbers.country_code_for_region(country)


@cache
def kinds_in(country: str) -> tuple[Kind, ...]:
    """The kinds of numbers that the country's plan has. A number that may be of a phone of either kind, as all of
    North America may, counts as local.
    """
    return tuple(kind for kind in _TYPES if (example := _example(country, kind)) and kind_of(example) == kind)


def is_pattern(text: str) -> bool:
    """Whether `text` can be searched for."""
    return 2 <= len(text) <= 16 and bool(_PATTERN.fullmatch(text))


def matching(seed: str, search: Search, stretch: int = 0) -> Iterator[Available]:
    """Numbers of one stretch of the stock that fit, each once and in an order that is always the same."""
    carried = capabilities_of(search.country, search.kind)
    if search.kind not in kinds_in(search.country) or not _carries(carried, search):
        return
    seen: set[str] = set()
    for number in _draw(seed, search, stretch):
        if number in seen or not _is_assignable(number, search):
            continue
        seen.add(number)
        place = place_of(number) if search.kind == "local" and search.country in _NORTH_AMERICA else None
        yield Available(number, search.country, search.kind, place or Place(), carried)


def _draw(seed: str, search: Search, stretch: int) -> Iterator[str]:
    example = phonenumbers.parse(_example(search.country, search.kind))
    shape = phonenumbers.national_significant_number(example)
    wanted = _template(search.contains, str(example.country_code), len(shape))
    areas = _areas(search, wanted)
    for index in range(stretch * DRAWS, (stretch + 1) * DRAWS if areas else 0):
        area = areas[index % len(areas)]
        # An area code is kept; without one the first digits are those of the example, which tell its kind.
        start = area or shape[: max(2, len(shape) - 6)]
        digits = (start + _digits(f"{seed}/{search.country}/{search.kind}/{area}/{index}", len(shape)))[: len(shape)]
        national = "".join(digit if want == "*" else want for want, digit in zip(wanted, digits, strict=True))
        if national.startswith(area):
            yield f"+{example.country_code}{national}"


def _template(contains: str, country_code: str, size: int) -> str:
    """A national number with `*` for each digit that is free. What is searched for stands at the end, where nearly
    every plan leaves the digits free, unless it is to be at the beginning.
    """
    wanted = keypad_digits(contains).replace("%", "").removesuffix("$")
    if wanted.startswith("+"):
        return wanted[1:].removeprefix(country_code).ljust(size, "*")[:size]
    return wanted[-size:].rjust(size, "*")


def _areas(search: Search, wanted: str) -> list[str]:
    """Area codes to draw from; a blank one where any will do."""
    by_place = search.near is not None or any(
        (search.region, search.locality, search.postal_code, search.rate_center, search.lata)
    )
    if search.country not in _NORTH_AMERICA or search.kind != "local":
        return [] if by_place else [search.area_code]
    of_pattern = wanted[:3] if "*" not in wanted[:3] else ""
    if by_place:
        return [area for area in areas_where(search) if search.area_code in ("", area)]
    return [search.area_code or of_pattern] if search.area_code or of_pattern else areas_where(search)


def _digits(text: str, size: int) -> str:
    return f"{int.from_bytes(blake2b(text.encode(), digest_size=16).digest()):039d}"[-size:]


def _is_assignable(number: str, search: Search) -> bool:
    parsed = phonenumbers.parse(number)
    return phonenumbers.is_valid_number_for_region(parsed, search.country) and kind_of(number) == search.kind


def _carries(has: Capabilities, search: Search) -> bool:
    pairs = ((search.sms, has.sms), (search.mms, has.mms), (search.voice, has.voice), (search.fax, has.fax))
    return all(wanted is None or wanted == there for wanted, there in pairs)


def _example(country: str, kind: Kind) -> str:
    example = phonenumbers.example_number_for_type(country, _TYPES[kind])
    return str(phonenumbers.format_number(example, PhoneNumberFormat.E164)) if example else ""
