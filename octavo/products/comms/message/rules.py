"""What may be sent, and which state may follow which."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message.rows import NewMessage, Status, Told
from octavo.products.comms.message.segments import LONGEST_BODY
from octavo.products.comms.service.rules import converts_media

MOST_MEDIA = 10
LONGEST_URL = 2048
HIDDEN = "XXXX"  # in place of the last digits of a number
LONGEST_VALIDITY = 36_000  # seconds, and as long as the vendor keeps a message for which nothing else was said
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=35)
# From which states a message reaches each. Reports may come late and out of order: none undoes a later one.
BEFORE: dict[Status, tuple[Status, ...]] = {
    "queued": ("accepted", "scheduled"),
    "sending": ("accepted", "scheduled", "queued", "sending"),
    "sent": ("accepted", "scheduled", "queued", "sending"),
    "delivered": ("accepted", "scheduled", "queued", "sending", "sent"),
    "undelivered": ("accepted", "scheduled", "queued", "sending", "sent"),
    "failed": ("accepted", "scheduled", "queued", "sending", "sent"),
    "read": ("sending", "sent", "delivered"),
    "canceled": ("accepted", "scheduled", "queued"),
}
FINAL: tuple[Status, ...] = ("delivered", "undelivered", "failed", "received", "read", "canceled")
OWED: tuple[Told, ...] = ("sent",)  # once for each message: what arrives was sent before
TOLD: tuple[Told, ...] = ("sent", "delivered", "undelivered", "failed", "read")
AFTER_SENT: tuple[Told, ...] = ("delivered", "undelivered", "read")


def check_content(body: str | None, media_urls: Sequence[str]) -> None:
    """Raises CommsRefusal for a message without content, or with too much of it."""
    if not body and not media_urls:
        raise CommsRefusal(21602 if body is None else 21619)
    if body and len(body) > LONGEST_BODY:
        raise CommsRefusal(21617, "The concatenated message body exceeds the 1600 character limit")
    if len(media_urls) > MOST_MEDIA:
        raise CommsRefusal(21623, f"Number of media files exceeds allowed limit: at most {MOST_MEDIA}.")
    for url in media_urls:
        if (
            len(url) > LONGEST_URL
            or not url.lower().startswith(("http://", "https://"))
            or any(c.isspace() for c in url)
        ):
            raise CommsRefusal(21620, f"Invalid media URL(s): {url[:100]}")


def check_timing(new: NewMessage, now: datetime) -> None:
    """Raises CommsRefusal for a validity or a time to send that cannot be kept."""
    if new.validity_seconds is not None and not 1 <= new.validity_seconds <= LONGEST_VALIDITY:
        raise CommsRefusal(21625, f"ValidityPeriod must be between 1 and {LONGEST_VALIDITY} seconds.")
    if new.send_at is None:
        return
    if new.service_id is None:
        raise CommsRefusal(35118, "MessagingServiceSid is required to schedule a message")
    if not SOONEST <= new.send_at - now <= LATEST:
        raise CommsRefusal(35114, "SendAt must be at least 15 minutes and at most 35 days from now.")


def is_mms(new: NewMessage, recipient: str) -> bool:
    """Whether it goes as one message however long: it has files, or asks for that where networks carry pictures."""
    return bool(new.media_urls) or (new.as_mms and not converts_media(recipient))


def obfuscated(number: str) -> str:
    """As it is kept where the message asked for it (the vendor's "Message Redaction")."""
    return number if number.endswith(HIDDEN) else number[: -len(HIDDEN)] + HIDDEN


def may_cancel(status: Status) -> None:
    """Raises CommsRefusal 30409 once the message is on its way."""
    if status not in BEFORE["canceled"]:
        raise CommsRefusal(30409, f"A message that is {status} cannot be canceled.")


def may_redact(status: Status) -> None:
    """Raises CommsRefusal 20009 while the text is still needed to send the message."""
    if status not in FINAL and status != "sent":
        raise CommsRefusal(20009, "Cannot redact or delete a message that is still being sent.")
