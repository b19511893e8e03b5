"""Numbers that mean something to test credentials, which buy nothing (the vendor's "test credentials" page)."""

from datetime import datetime
from typing import Any

from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number.rows import NumberChanges, NumberId, PhoneNumber
from octavo.products.comms.number.rules import national_format

AVAILABLE = "+15005550006"
TAKEN = "+15005550000"
AREA_WITH_NUMBERS, AREA_WITHOUT_NUMBERS = "500", "533"


def bought(account_id: AccountId, number: str, area_code: str, changes: NumberChanges, now: datetime) -> PhoneNumber:
    """What buying would have given; nothing is stored. Raises CommsRefusal 21421, 21422 or 21452."""
    if not number and area_code == AREA_WITH_NUMBERS:
        number = AVAILABLE
    elif not number and area_code:
        raise CommsRefusal(21452, f"No phone numbers found in area code {area_code}")
    if number == TAKEN:
        raise CommsRefusal(21422, f"{number} is not available.")
    if number != AVAILABLE:
        raise CommsRefusal(21421, f"{number or 'The number'} is not a valid phone number.")
    usual: dict[str, Any] = {"friendly_name": national_format(number)}
    return PhoneNumber(
        account_id=account_id,
        id=NumberId(new_id()),
        number=number,
        country="US",
        kind="local",
        sms=True,
        mms=True,
        voice=True,
        fax=False,
        created_at=now,
        updated_at=now,
        **(usual | changes.given()),
    )
