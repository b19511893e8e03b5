"""What a carrier's answers mean, which line takes a number, and how numbers are spelled on it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from octavo.products.comms.carrier.smpp.bodies import Address
from octavo.products.comms.carrier.smpp.codes import Status
from octavo.products.comms.carrier.smpp.configuration import LineSettings

Verdict = Literal["accepted", "refused", "held"]
# The carrier may take it later: it is busy, full or out of order.
PASSING = {Status.RTHROTTLED, Status.RMSGQFUL, Status.RSYSERR, Status.RX_T_APPN}
UNKNOWN = 30008
_REFUSALS = {Status.RINVDSTADR: 30005, Status.RINVSRCADR: 30008}
INTERNATIONAL, NETWORK_SPECIFIC, ALPHANUMERIC, ISDN = 1, 3, 5, 1
LONGEST_SHORT_CODE = 8


def verdict(status: int) -> Verdict:
    if status == Status.ROK:
        return "accepted"
    return "held" if status in PASSING else "refused"


def error_code(status: int) -> int:
    """What the owner of a refused message is told."""
    return _REFUSALS.get(Status(status), UNKNOWN) if status in set(Status) else UNKNOWN


def address_of(number: str, *, ton: int | None = None, npi: int | None = None) -> Address:
    """E.164 with its plus sign, a short code, or a name."""
    if number.startswith("+"):
        found = Address(number[1:], INTERNATIONAL, ISDN)
    elif number.isdecimal() and len(number) <= LONGEST_SHORT_CODE:
        found = Address(number, NETWORK_SPECIFIC, ISDN)
    elif number.isdecimal():
        found = Address(number, INTERNATIONAL, ISDN)
    else:
        found = Address(number, ALPHANUMERIC, 0)
    return Address(found.digits, found.ton if ton is None else ton, found.npi if npi is None else npi)


def number_of(address: Address) -> str:
    """The number as the rest of the house writes it."""
    digits = address.digits.strip()
    if digits.startswith("+") or not digits.isdecimal() or len(digits) <= LONGEST_SHORT_CODE:
        return digits
    return f"+{digits.removeprefix('00')}"


def lines_for(recipient: str, lines: Mapping[str, LineSettings]) -> list[str]:
    """The lines whose prefix fits the number best."""
    fits = {
        name: max((len(one) for one in _fitting(recipient, line.prefixes)), default=-1) for name, line in lines.items()
    }
    best = max(fits.values(), default=-1)
    return [name for name, length in fits.items() if length == best >= 0]


def _fitting(recipient: str, prefixes: Iterable[str]) -> list[str]:
    return [prefix for prefix in prefixes if recipient.startswith(prefix)]


def reference_of(message_id: UUID, part: int) -> int:
    """A mark for user_message_reference (5.3.2.17), the same whenever it is asked for."""
    return (int.from_bytes(message_id.bytes[-2:], "big") + part) & 0xFFFF


def validity(expires_at: datetime) -> str:
    """The absolute form of validity_period (7.1.1.1), in UTC."""
    return f"{expires_at.astimezone(UTC):%y%m%d%H%M%S}000+"
