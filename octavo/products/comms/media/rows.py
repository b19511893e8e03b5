"""Files of messages, and what has still to be fetched for them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid


class Media(Struct, frozen=True, kw_only=True):
    """A stored file of a message. `source_url` is where it was fetched from."""

    account_id: AccountId
    id: UUID
    message_id: UUID
    position: int
    source_url: str
    content_type: str
    size: int
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("ME", self.id)

    @property
    def key(self) -> str:
        """Where its bytes are among the blobs."""
        return f"comms/media/{self.account_id.hex}/{self.id.hex}"


class Fetch(Struct, frozen=True):
    """A message whose files somebody has begun to fetch. `wish`: what its sender asked for by a word, or blank.
    `family_id` is the main account to which its account belongs.
    """

    account_id: AccountId
    message_id: UUID
    urls: list[str]
    wish: str
    attempts: int
    family_id: UUID
