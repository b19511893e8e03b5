"""What goes to a provider, what it answers, and what it calls us for."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.carrier.protocol import Submission
from octavo.products.comms.message.rows import Told


class Ask(Struct, frozen=True):
    """The request that hands over one message."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


class Verdict(Struct, frozen=True):
    """What an answer means, in the words of `protocol.Outcome`."""

    kind: Literal["accepted", "refused", "later", "doubtful"]
    carrier_ref: str = ""
    error_code: int | None = None
    retry_after: float = 1.0


class Receipt(Struct, frozen=True):
    """What a provider tells of a message. `reference` is ours, where the provider repeats it."""

    state: Told
    error_code: int | None = None
    carrier_ref: str = ""
    reference: str = ""


class Brought(Struct, frozen=True):
    """A message that a provider brings."""

    carrier_ref: str
    sender: str
    recipient: str
    body: str
    media_urls: list[str]


class Driver(Protocol):
    """One provider's API: pure translations, no requests of its own."""

    def ask(self, submission: Submission, receipt_url: str) -> Ask:
        """`receipt_url` is empty where Octavo does not know its own address."""
        ...

    def judge(self, status: int, headers: Mapping[str, str], body: bytes) -> Verdict: ...

    def receipt(self, content: Any) -> Receipt | None:
        """None for what is not worth telling. `content` is the form or the document that came."""
        ...

    def brought(self, content: Any) -> Brought | None: ...


def reference_of(submission: Submission) -> str:
    """A message in one word, for providers to repeat."""
    return submission.account_id.hex + submission.message_id.hex


def ids_of(reference: str) -> tuple[UUID, UUID] | None:
    """Account and message of a reference; None where it is none."""
    try:
        return (UUID(reference[:32]), UUID(reference[32:])) if len(reference) == 64 else None
    except ValueError:
        return None
