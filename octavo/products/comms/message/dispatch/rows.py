"""What waits to be sent, as the dispatch sees it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.message.rows import Encoding


class Due(Struct, frozen=True):
    """A message whose time has come. `paced`: its turn among its sender's messages was found already; `waits`: it is
    not yet in its sender's queue, because it was scheduled or accepted for a Messaging Service.
    """

    account_id: UUID
    message_id: UUID
    sender: str
    segments: int
    paced: bool
    waits: bool
    attempts: int
    carrier: str
    expires_at: datetime


class Pace(Struct, frozen=True):
    """When a sender is free again."""

    account_id: UUID
    sender: str
    free_at: datetime


class Going(Struct, frozen=True):
    """A message that is about to be given to a carrier."""

    account_id: UUID
    message_id: UUID
    sender: str
    recipient: str
    body: str
    sealed_body: bytes | None
    body_key: UUID | None
    media_urls: list[str]
    encoding: Encoding
    segments: int
    as_mms: bool


class Ended(Struct, frozen=True):
    """A message that was still ours, and is done with."""

    account_id: UUID
    message_id: UUID
