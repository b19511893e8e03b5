"""A credential, without its content."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Kind = Literal["aws", "public_key"]


class Credential(Struct, frozen=True):
    account_id: AccountId
    id: UUID
    kind: Kind
    friendly_name: str
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("CR", self.id)
