"""What the rest of the house is told about numbers."""

from typing import ClassVar
from uuid import UUID

import msgspec

from octavo.kernel.events import Event


class NumberBought(Event, frozen=True):
    """An account has a number from now on."""

    NAME: ClassVar[str] = "comms.number_bought"
    account_id: UUID
    number_id: UUID
    number: str


class NumberReleased(Event, frozen=True):
    """A number was given back; others may buy it."""

    NAME: ClassVar[str] = "comms.number_released"
    account_id: UUID
    number_id: UUID
    number: str


class AccountClosedSeen(msgspec.Struct, frozen=True):
    """What numbers read of `comms.account_closed`: whose numbers go back."""

    account_id: UUID
