"""A challenge, and what a caller asks for."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Status = Literal["pending", "expired", "approved", "denied"]


class NewChallenge(Struct, frozen=True, kw_only=True):
    """`code` may come at once, which answers the challenge as it is made."""

    factor_id: UUID
    code: str = ""
    expires_at: datetime | None = None
    details: dict[str, Any] | None = None
    hidden_details: dict[str, Any] | None = None


class Challenge(Struct, frozen=True, kw_only=True):
    account_id: AccountId
    id: UUID
    service_id: UUID
    entity_id: UUID
    factor_id: UUID
    identity: str
    status: Status
    details: dict[str, Any] | None
    hidden_details: dict[str, Any] | None
    metadata: dict[str, Any] | None
    responded_at: datetime | None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("YC", self.id)
