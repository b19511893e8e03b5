"""What a service may be called, and which of its senders a person hears from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.number.rules import check_urls, country_of
from octavo.products.comms.service.rows import AlphaSender

LONGEST_NAME = 64
LONGEST_VALIDITY = 36_000  # seconds
_ALPHA = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+\-_]{1,11}")
AREA = 5  # characters of a North American number that name its area: +1 and three digits
# Countries whose networks show no names as senders, and those whose networks carry pictures.
WITHOUT_NAMES = frozenset({"US", "CA", "PR", "CN", "BR", "MX", "AR", "CL", "CO", "KR", "MY", "NZ", "TW", "ZA"})
WITH_PICTURES = frozenset({"US", "CA", "PR"})


def check_changes(given: Mapping[str, Any]) -> None:
    """What a service is to have, by the names of its columns. Raises CommsRefusal 20001 or 21402."""
    if "friendly_name" in given and not 1 <= len(given["friendly_name"].strip()) <= LONGEST_NAME:
        raise CommsRefusal(20001, f"FriendlyName is required and has at most {LONGEST_NAME} characters.")
    if not 1 <= given.get("validity_seconds", LONGEST_VALIDITY) <= LONGEST_VALIDITY:
        raise CommsRefusal(20001, f"ValidityPeriod must be between 1 and {LONGEST_VALIDITY} seconds.")
    check_urls(given)


def checked_alpha(name: str) -> str:
    """Raises CommsRefusal 21713 for what no network would show."""
    if not is_alpha(name):
        raise CommsRefusal(
            21713, "An AlphaSender has 1 to 11 letters, digits, spaces or &+-_, and at least one letter."
        )
    return name


def is_alpha(text: str) -> bool:
    """Whether networks would show it as a sender's name."""
    return _ALPHA.fullmatch(text) is not None


def shows_names(recipient: str) -> bool:
    """Whether the networks of the recipient's country show names as senders."""
    return country_of(recipient) not in WITHOUT_NAMES


def name_for(names: Iterable[AlphaSender], recipient: str) -> str | None:
    """The name that the recipient's country is to see, where its networks show any."""
    if not shows_names(recipient):
        return None
    country = country_of(recipient)
    by_country = {one.country: one.name for one in names if one.country in (country, "")}
    return by_country.get(country) or by_country.get("")


def pick(numbers: Sequence[PhoneNumber], recipient: str, *, geomatch: bool) -> PhoneNumber:
    """One of the numbers: of the recipient's area, else of the country, else any; spread evenly over recipients."""
    best = [one for one in numbers if geomatch and one.number[:AREA] == recipient[:AREA]]
    if not best:
        country = country_of(recipient)
        best = [one for one in numbers if one.country == country] or list(numbers)
    draw = int.from_bytes(blake2b(recipient.encode(), digest_size=8).digest())
    return best[draw % len(best)]


def converts_media(recipient: str) -> bool:
    """Whether pictures for this number go as links, because its networks carry none."""
    return country_of(recipient) not in WITH_PICTURES
