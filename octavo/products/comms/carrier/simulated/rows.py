"""Handsets, what they answer, and what the simulated carrier holds."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Reply(Struct, frozen=True):
    """What a handset answers to a text with these `words` in it (to any text, where there are none), and how soon."""

    words: str
    reply: str
    delay: float = 0.0  # seconds


class Handset(Struct, frozen=True, kw_only=True):
    """A telephone that exists only here. Delays are seconds; without them the setting holds.

    `loss` is the share of messages that never arrive, and of which nothing is ever heard. `error_code` makes all of
    them fail so. A handset that is not `online` gets its messages once it is again. After `opt_out_after` messages of
    a sender it answers STOP, and `opt_in_after` seconds later START.
    """

    account_id: UUID
    number: str
    name: str = ""
    online: bool = True
    delay_min: float | None = None
    delay_max: float | None = None
    loss: float = 0.0
    error_code: int | None = None
    opt_out_after: int | None = None
    opt_in_after: float | None = None
    taken: int = 0
    replies: list[Reply] = []


class ReplyRow(Struct, frozen=True):
    account_id: UUID
    number: str
    words: str
    reply: str
    delay: float


class DueSms(Struct, frozen=True):
    """A message whose fate is to be told now. Its text is sealed, and None once it was forgotten."""

    account_id: UUID
    message_id: UUID
    sender: str
    recipient: str
    sealed_body: bytes | None
    media_urls: list[str]
    fate: str
    error_code: int | None
    report_at: datetime

    @property
    def key(self) -> tuple[UUID, UUID]:
        return self.account_id, self.message_id


class Said(Struct, frozen=True):
    """What a handset says, once `due` has come."""

    account_id: UUID
    id: UUID
    sender: str
    recipient: str
    body: str
    media_urls: list[str]
    due: datetime


class DueSaying(Struct, frozen=True):
    """What a handset says now, its text sealed as above."""

    account_id: UUID
    id: UUID
    sender: str
    recipient: str
    sealed_body: bytes | None
    media_urls: list[str]
    due: datetime

    @property
    def key(self) -> tuple[UUID, UUID]:
        return self.account_id, self.id


class StoredLine(Struct, frozen=True):
    """A line of a conversation as it lies."""

    id: UUID
    peer: str
    said: bool
    sealed_body: bytes | None
    media_urls: list[str]
    at: datetime


class Line(Struct, frozen=True):
    """One message of a conversation as the handset shows it: `said` by itself, or heard from the `peer`."""

    id: UUID
    peer: str
    said: bool
    body: str
    media_urls: list[str]
    at: datetime


class Heard(Struct, frozen=True):
    """How many messages a handset has had from a sender."""

    account_id: UUID
    recipient: str
    sender: str
    messages: int


class Latest(Struct, frozen=True):
    """When a handset last heard something, and what it said last."""

    heard_at: datetime | None
    said_id: UUID | None
