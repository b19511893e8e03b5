"""Messages, what a caller asks for, and what carriers tell of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NewType
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

MessageId = NewType("MessageId", UUID)
Direction = Literal["inbound", "outbound-api", "outbound-call", "outbound-reply"]
Encoding = Literal["GSM-7", "UCS-2"]
Status = Literal[
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "receiving",
    "received",
    "read",
    "canceled",
]
Told = Literal["sent", "delivered", "undelivered", "failed", "read"]


class Message(Struct, frozen=True):
    """A message of an account. `price` counts millionths of `currency`; it is owed once the message is sent.

    The text of an account that encrypts lies in `sealed_body`; `bodies.opened` gives the message with its text.
    `as_mms`: a text that goes as one message. What it discards or hides is gone once a carrier has the message.
    """

    account_id: AccountId
    id: MessageId
    direction: Direction
    sender: str
    recipient: str
    body: str
    encoding: Encoding
    num_segments: int
    status: Status
    created_at: datetime
    updated_at: datetime
    states: list[str]
    state_times: list[datetime]
    sealed_body: bytes | None = None
    body_key: UUID | None = None
    media_urls: list[str] = []
    num_media: int = 0
    error_code: int | None = None
    service_id: UUID | None = None
    status_callback: str = ""
    validity_seconds: int | None = None
    send_at: datetime | None = None
    sent_at: datetime | None = None
    price: int | None = None
    currency: str = "USD"
    carrier: str = ""
    carrier_ref: str = ""
    as_mms: bool = False
    discards_body: bool = False
    hides_recipient: bool = False

    @property
    def sid(self) -> str:
        return message_sid(self.id, self.num_media)


class NewMessage(Struct, frozen=True, kw_only=True):
    """What a caller wants sent. Either a sender or a Messaging Service says from whom.

    `body` is None where the caller said nothing about it, which the vendor tells apart from a blank one.
    """

    to: str
    from_: str = ""
    service_id: UUID | None = None
    application_id: UUID | None = None
    body: str | None = None
    media_urls: Sequence[str] = ()
    status_callback: str = ""
    validity_seconds: int | None = None
    send_at: datetime | None = None
    smart_encoded: bool = False
    as_mms: bool = False
    discards_body: bool = False
    hides_recipient: bool = False


class Report(Struct, frozen=True):
    """What a carrier tells of a message it was given."""

    account_id: UUID
    message_id: UUID
    state: Told
    at: datetime
    error_code: int | None = None
    carrier_ref: str = ""


class Changed(Struct, frozen=True):
    """A message that has just reached a new state, with what its status callback says."""

    account_id: UUID
    id: UUID
    sender: str
    recipient: str
    status: Status
    error_code: int | None
    service_id: UUID | None
    status_callback: str
    num_media: int
    discards_body: bool
    hides_recipient: bool

    @property
    def sid(self) -> str:
        return message_sid(self.id, self.num_media)


class Feedback(Struct, frozen=True):
    """Whether the recipient did what the message was for, as its sender reports."""

    account_id: AccountId
    message_id: MessageId
    outcome: Literal["confirmed", "unconfirmed"]
    created_at: datetime
    updated_at: datetime


def message_sid(id: UUID, num_media: int) -> str:
    """Messages with media have a prefix of their own."""
    return sid("MM" if num_media else "SM", id)
