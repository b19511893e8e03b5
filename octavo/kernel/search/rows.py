"""What is put into the index, and what is found in it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Text(Struct, frozen=True, kw_only=True):
    """A thing and the words to find it by. With `private_key` the index holds keyed hashes of them."""

    owner_id: UUID
    kind: str
    thing_id: UUID
    text: str
    at: datetime
    private_key: bytes | None = None


class Found(Struct, frozen=True):
    thing_id: UUID
    at: datetime


class Place(Struct, frozen=True):
    """Where a page of answers ended: the next begins behind it."""

    at: datetime
    thing_id: UUID
