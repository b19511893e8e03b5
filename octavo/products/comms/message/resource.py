"""Messages as our own API shows them and takes them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct, field

from octavo.products.comms.codes import CommsRefusal, text_of
from octavo.products.comms.message.rows import Direction, Message, NewMessage, Status
from octavo.products.comms.sids import read_sid, sid, sid_or_none

MOST_AT_ONCE = 1000


class MessageToSend(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `from` (a number of yours) or `service` (a Messaging Service) says from whom."""

    to: str
    from_: str = field(name="from", default="")
    service: str = ""
    body: str | None = None
    media: list[str] = []
    status_callback: str = ""
    validity_seconds: int | None = None
    send_at: datetime | None = None
    smart_encoded: bool = False

    def as_new(self) -> NewMessage:
        """Raises CommsRefusal 20404 for a service that cannot be."""
        return NewMessage(
            to=self.to,
            from_=self.from_,
            service_id=read_sid(self.service, "MG") if self.service else None,
            body=self.body,
            media_urls=self.media,
            status_callback=self.status_callback,
            validity_seconds=self.validity_seconds,
            send_at=self.send_at,
            smart_encoded=self.smart_encoded,
        )


class MessagesToSend(Struct, frozen=True):
    messages: Annotated[list[MessageToSend], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class MessageEvent(Struct, frozen=True):
    """A state that the message reached, and when."""

    state: str
    at: datetime


class MessageResource(Struct, frozen=True, kw_only=True):
    """`price` is what is owed, once the message has been sent."""

    id: str
    account: str
    direction: Direction
    from_: str = field(name="from")
    to: str
    body: str
    segments: int
    media: int
    status: Status
    error_code: int | None
    error: str | None
    service: str | None
    send_at: datetime | None
    sent_at: datetime | None
    created_at: datetime
    updated_at: datetime
    price: str | None
    currency: str
    events: list[MessageEvent]


class MessageList(Struct, frozen=True):
    """`next` is the `after` of the next page; blank on the last."""

    messages: list[MessageResource]
    next: str


class Taken(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one of many: its id and state, or the number of the refusal and its reason."""

    id: str | None = None
    status: Status | None = None
    code: int | None = None
    reason: str | None = None


class TakenList(Struct, frozen=True):
    """In the order of the request."""

    accepted: int
    messages: list[Taken]


def resource(message: Message) -> MessageResource:
    return MessageResource(
        id=message.sid,
        account=sid("AC", message.account_id),
        direction=message.direction,
        from_=message.sender,
        to=message.recipient,
        body=message.body,
        segments=message.num_segments,
        media=message.num_media,
        status=message.status,
        error_code=message.error_code,
        error=None if message.error_code is None else text_of(message.error_code),
        service=sid_or_none("MG", message.service_id),
        send_at=message.send_at,
        sent_at=message.sent_at,
        created_at=message.created_at,
        updated_at=message.updated_at,
        price=None if message.price is None or message.sent_at is None else f"{message.price / 1_000_000:.6f}",
        currency=message.currency,
        events=[MessageEvent(state, at) for state, at in zip(message.states, message.state_times, strict=True)],
    )


def taken(verdict: Message | CommsRefusal) -> Taken:
    if isinstance(verdict, CommsRefusal):
        return Taken(code=verdict.number, reason=verdict.detail)
    return Taken(id=verdict.sid, status=verdict.status)


def place(after: str) -> UUID | None:
    """The id to go on from. Raises CommsRefusal 20404."""
    return read_sid(after, "SM", "MM") if after else None
