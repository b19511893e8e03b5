"""What a carrier is to Octavo: something that takes messages, answers for each, and later tells what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.message.rows import Encoding


class Submission(Struct, frozen=True):
    """One message for a carrier. `attempt` counts from 1; `as_mms` is a text that goes as one message, however long."""

    account_id: UUID
    message_id: UUID
    sender: str
    recipient: str
    body: str
    media_urls: Sequence[str]
    encoding: Encoding
    segments: int
    expires_at: datetime
    attempt: int
    as_mms: bool = False


class Outcome(Struct, frozen=True):
    """A carrier's answer for one message.

    `accepted`: it is the carrier's now. `refused`: it never will be, for the reason of `error_code`. `later`: ask again
    in `retry_after` seconds. `doubtful`: nobody knows yet; `settle` is asked, and again as long as it answers so.
    """

    message_id: UUID
    kind: Literal["accepted", "refused", "later", "doubtful"]
    carrier_ref: str = ""
    error_code: int | None = None
    retry_after: float = 1.0


class SmsCarrier(Protocol):
    """A message is submitted once, and what is in doubt is settled: no message may go out twice."""

    name: str

    async def submit(self, batch: Sequence[Submission]) -> list[Outcome]:
        """One outcome for each message. What it raises counts as doubt about all of them."""
        ...

    async def settle(self, doubtful: Sequence[Submission]) -> list[Outcome]:
        """What became of messages that were being given to it when somebody crashed; what it never got, it gets now."""
        ...


class Arrived(Struct, frozen=True):
    """A message that a carrier brings. `carrier_ref` is the carrier's own id: the same one twice is one message."""

    carrier: str
    carrier_ref: str
    sender: str
    recipient: str
    body: str
    media_urls: Sequence[str]
    at: datetime
