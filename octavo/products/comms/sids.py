"""SIDs: the vendor's ids, two letters for the kind and 32 hex digits, which are the UUID of the thing."""

import re
from uuid import UUID

from octavo.products.comms.codes import CommsRefusal

_SID = re.compile(r"([A-Z]{2})([0-9a-f]{32})")


def sid(prefix: str, id: UUID) -> str:
    return prefix + id.hex


def sid_or_none(prefix: str, id: UUID | None) -> str | None:
    return None if id is None else prefix + id.hex


def is_sid(text: str, *prefixes: str) -> bool:
    found = _SID.fullmatch(text)
    return found is not None and found[1] in prefixes


def read_sid(text: str, *prefixes: str) -> UUID:
    """The id behind a SID of one of these kinds. Raises CommsRefusal 20404: any other text names nothing."""
    if not is_sid(text, *prefixes):
        raise CommsRefusal(20404, f"The requested resource {text} was not found")
    return UUID(text[2:])
