"""Parts that were given to carriers, and what carriers told of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

PartState = Literal["intended", "accepted", "refused", "held", "abandoned"]
Fate = Literal["delivered", "undelivered"]


class PartKey(Struct, frozen=True, order=True):
    account_id: UUID
    message_id: UUID
    part: int


class SubmissionPart(Struct, frozen=True):
    """`intended`: it may have been taken. `held`: it was not, and goes out again. `abandoned`: given up in doubt."""

    account_id: UUID
    message_id: UUID
    part: int
    line: str
    sender: str
    recipient: str
    state: PartState
    status: int | None
    smsc_id: str
    intended_at: datetime

    @property
    def key(self) -> PartKey:
        return PartKey(self.account_id, self.message_id, self.part)


class Answer(Struct, frozen=True):
    """What a carrier answered to one submit_sm. `smsc_key` is its id in the form in which ids are compared."""

    key: PartKey
    line: str
    status: int
    smsc_id: str
    smsc_key: str


class Told(Struct, frozen=True):
    """A receipt, or the answer to query_sm."""

    line: str
    smsc_key: str
    sender: str
    recipient: str
    state: int | None
    error: int | None
    reference: int | None
    arrived_at: datetime


class InboundPart(Struct, frozen=True):
    """A part of a long message that is coming in."""

    line: str
    sender: str
    recipient: str
    reference: int
    total: int
    part: int
    body: str
    arrived_at: datetime


class WaitingPart(Struct, frozen=True):
    """A part that waits for the others, or was `joined` with them and may come `again`; its text is sealed."""

    line: str
    sender: str
    recipient: str
    reference: int
    total: int
    part: int
    sealed_body: bytes
    arrived_at: datetime
    joined: bool = False
    again: bool = False


class Located(Struct, frozen=True):
    """Which part a carrier's id means."""

    line: str
    smsc_key: str
    account_id: UUID
    message_id: UUID
    part: int


class Progress(Struct, frozen=True):
    """A message over all of its parts."""

    account_id: UUID
    message_id: UUID
    parts: int
    delivered: int
    undelivered: int
    error_code: int | None


class Unheard(Struct, frozen=True):
    """A part of which the carrier has told nothing, and is to be asked."""

    account_id: UUID
    message_id: UUID
    part: int
    line: str
    sender: str
    smsc_id: str
