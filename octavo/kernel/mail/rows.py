"""A mail as it is written, and as the outbox keeps it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct


class Mail(Struct, frozen=True, kw_only=True):
    """A text for one person. `from_name` stands before the address that the setting gives."""

    to: str
    subject: str
    text: str
    from_name: str = ""


class KeptMail(Struct, frozen=True):
    """`kept` went nowhere, because no server is set: it is there to be read in the outbox."""

    mail_id: UUID
    recipient: str
    subject: str
    text: str
    from_name: str
    state: Literal["waiting", "sent", "kept"]
    created_at: datetime
    sent_at: datetime | None
