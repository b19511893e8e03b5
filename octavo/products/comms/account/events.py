"""What the rest of the house is told about accounts."""

from typing import ClassVar
from uuid import UUID

from octavo.kernel.events import Event


class AccountClosed(Event, frozen=True):
    """An account was closed for good; its numbers go back."""

    NAME: ClassVar[str] = "comms.account_closed"
    account_id: UUID
