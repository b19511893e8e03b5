"""What is searched for, and what the indexer reads."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.message.rows import Status

KIND = "comms.message"  # how the index calls messages
STATUSES: tuple[str, ...] = get_args(Status)


class Wanted(Struct, frozen=True, kw_only=True):
    """All that is given has to hold. `number` is the sender or the recipient; `words` all have to be in the text."""

    words: str = ""
    number: str = ""
    status: str = ""
    since: datetime | None = None
    before: datetime | None = None


class Unread(Struct, frozen=True):
    """A message that may not be in the index yet."""

    account_id: AccountId
    id: UUID
    body: str
    sealed_body: bytes | None
    body_key: UUID | None
    created_at: datetime
