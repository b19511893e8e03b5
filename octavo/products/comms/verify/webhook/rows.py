"""Where an account is told of what happens in a service."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.account.rows import AccountId
from octavo.products.comms.sids import sid

Status = Literal["enabled", "disabled"]
Version = Literal["v1", "v2"]
EVENTS = frozenset(
    {"*", "factor.created", "factor.verified", "factor.deleted", "challenge.approved", "challenge.denied"}
)


class Webhook(Struct, frozen=True, kw_only=True):
    """`*` among the types stands for all of them."""

    account_id: AccountId
    id: UUID
    service_id: UUID
    friendly_name: str
    event_types: list[str]
    webhook_url: str
    status: Status
    version: Version
    created_at: datetime
    updated_at: datetime

    @property
    def sid(self) -> str:
        return sid("YW", self.id)


class WebhookChanges(Struct, frozen=True, kw_only=True):
    """What is None stays."""

    friendly_name: str | None = None
    event_types: list[str] | None = None
    webhook_url: str | None = None
    status: Status | None = None
    version: Version | None = None
