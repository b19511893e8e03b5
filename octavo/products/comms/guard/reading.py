"""How people write what the guard is told: countries, counts, amounts of money, and times of day."""

from datetime import time
from functools import cache

import phonenumbers

from octavo.kernel.refusals import Invalid
from octavo.products.comms.number.inventory import country_name

MILLIONTHS = 1_000_000
DECIMALS = 6
MOST = 2**31 - 1


def read_countries(text: str) -> list[str]:
    """ISO 3166 letters from letters or names, such as `DE, Austria`. Raises Invalid."""
    words = [one.strip() for one in text.replace("\n", ",").split(",") if one.strip()]
    found = {word: _by_name().get(word.casefold(), word.upper()) for word in words}
    if unknown := [word for word, code in found.items() if code not in phonenumbers.SUPPORTED_REGIONS]:
        raise Invalid(f"These are no countries: {', '.join(unknown)[:200]}.")
    return list(dict.fromkeys(found.values()))


def read_count(text: str) -> int:
    """Raises Invalid."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or int(digits[:11]) > MOST:
        raise Invalid(f"{text[:40]} is no number of messages.")
    return int(digits)


def read_money(text: str) -> int:
    """Millionths of the currency. Raises Invalid."""
    whole, _, cents = text.strip().partition(".")
    if not (whole + cents).isascii() or not (whole + cents).isdigit() or len(cents) > DECIMALS or len(whole) > 9:
        raise Invalid(f"{text[:40]} is no amount of money; write it like 25.00.")
    return int(whole or "0") * MILLIONTHS + int(cents.ljust(DECIMALS, "0"))


def read_time(text: str) -> time:
    """Raises Invalid."""
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise Invalid(f"{text[:40]} is no time of day; write it like 21:00.") from None


def read_hours(text: str) -> tuple[time, time]:
    """From and to. Raises Invalid."""
    start, _, end = text.partition("-")
    try:
        return read_time(start), read_time(end)
    except Invalid:
        raise Invalid(f"{text[:40]} are no hours; write them like 21:00-08:00.") from None


@cache
def _by_name() -> dict[str, str]:
    return {country_name(code).casefold(): code for code in phonenumbers.SUPPORTED_REGIONS}
