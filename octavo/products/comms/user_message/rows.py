"""A message from one person to another."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class UserMessage(Struct, frozen=True):
    """`user_id` is whose copy it is: the sender's or the receiver's."""

    user_id: UUID
    id: UUID
    sender_id: UUID
    receiver_id: UUID
    content: str
    sent_at: datetime
