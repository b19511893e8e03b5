"""What the rest of the house is told about caller ids."""

from typing import ClassVar
from uuid import UUID

from octavo.kernel.events import Event


class CallerIdVerified(Event, frozen=True):
    """Whoever answers at a number agreed that an account may call from it."""

    NAME: ClassVar[str] = "comms.caller_id_verified"
    account_id: UUID
    caller_id: UUID
    number: str
