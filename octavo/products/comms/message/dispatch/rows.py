"""What waits to be sent, as the dispatch sees it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Due(Struct, frozen=True):
    """A message whose time has come. `paced`: its turn among its sender's messages was found already."""

    account_id: UUID
    message_id: UUID
    sender: str
    segments: int
    paced: bool
    expires_at: datetime


class Pace(Struct, frozen=True):
    """When a sender is free again."""

    account_id: UUID
    sender: str
    free_at: datetime
