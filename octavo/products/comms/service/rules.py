"""What a service may be called, and which of its senders a person hears from."""

import re
from collections.abc import Sequence
from hashlib import blake2b

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.number.rules import country_of

LONGEST_NAME = 64
_ALPHA = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+\-_]{1,11}")
AREA = 5  # characters of a North American number that name its area: +1 and three digits
# Countries whose networks show no names as senders.
WITHOUT_NAMES = frozenset({"US", "CA", "PR", "CN", "BR", "MX", "AR", "CL", "CO", "KR", "MY", "NZ", "TW", "ZA"})


def checked_name(name: str) -> str:
    """Raises CommsRefusal 20001."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise CommsRefusal(20001, f"FriendlyName is required and has at most {LONGEST_NAME} characters.")
    return name


def checked_alpha(name: str) -> str:
    """Raises CommsRefusal 21713 for what no network would show."""
    if not _ALPHA.fullmatch(name):
        raise CommsRefusal(
            21713, "An AlphaSender has 1 to 11 letters, digits, spaces or &+-_, and at least one letter."
        )
    return name


def pick(numbers: Sequence[PhoneNumber], recipient: str, *, geomatch: bool) -> PhoneNumber:
    """One of the numbers: of the recipient's area, else of the country, else any; spread evenly over recipients."""
    best = [one for one in numbers if geomatch and one.number[:AREA] == recipient[:AREA]]
    if not best:
        country = country_of(recipient)
        best = [one for one in numbers if one.country == country] or list(numbers)
    draw = int.from_bytes(blake2b(recipient.encode(), digest_size=8).digest())
    return best[draw % len(best)]
