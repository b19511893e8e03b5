"""What people say about themselves, and who was found or blocked."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class About(Struct, frozen=True):
    """`findable`: whether others find this person by searching."""

    bio: str = ""
    findable: bool = True


class FoundUser(Struct, frozen=True):
    """A person as a search shows them."""

    id: UUID
    name: str
    username: str
    bio: str


class BlockedUser(Struct, frozen=True):
    id: UUID
    name: str
    username: str
    blocked_at: datetime
