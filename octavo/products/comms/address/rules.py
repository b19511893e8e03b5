"""What an address needs."""

from collections.abc import Mapping

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import inventory
from octavo.products.comms.number.rules import check_name

NEEDED = ("customer_name", "street", "city", "region", "postal_code")
LONGEST = 256


def check_address(fields: Mapping[str, object]) -> None:
    """Raises CommsRefusal 20001 for what is blank though it is needed, 21628 for what is too long, or 20002."""
    check_name(str(fields.get("friendly_name", "")))
    for name, value in fields.items():
        word = "".join(part.capitalize() for part in name.split("_"))
        if name in NEEDED and not str(value).strip():
            raise CommsRefusal(20001, f"Missing required parameter {word}")
        if len(str(value)) > LONGEST:
            raise CommsRefusal(21628, f"{word} has at most {LONGEST} characters.")


def check_country(code: str) -> str:
    """The letters of a country that exists. Raises CommsRefusal 20001 or 21628."""
    if not code:
        raise CommsRefusal(20001, "Missing required parameter IsoCountry")
    if code.upper() not in inventory.countries():
        raise CommsRefusal(21628, f"IsoCountry {code:.10} is no country that we know.")
    return code.upper()
