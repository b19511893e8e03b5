"""Alerts, which are what went wrong, and events, which are what was changed."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from octavo.products.comms.sids import sid

Level = Literal["error", "warning", "notice", "debug"]


class Exchange(Struct, frozen=True):
    """The request that an alert is about. `sealed_words` is what was said in it, and what came back."""

    method: str = ""
    url: str = ""
    sealed_words: bytes | None = None


class Alert(Struct, frozen=True):
    account_id: UUID
    id: UUID
    number: int
    level: Level
    text: str
    resource_sid: str
    service_sid: str
    method: str
    url: str
    sealed_words: bytes | None
    created_at: datetime

    @property
    def sid(self) -> str:
        return sid("NO", self.id)


class AlertFilter(Struct, frozen=True):
    """`since` is the first moment and `until` the first that is too late; `resource` begins the SID."""

    level: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    resource: str = ""


class Event(Struct, frozen=True):
    """`data` holds, for a change, each property with its `previous` and `updated` values."""

    account_id: UUID
    id: UUID
    type: str
    resource_type: str
    resource_sid: str
    actor_type: str
    actor_sid: str
    source: str
    data: dict[str, Any]
    created_at: datetime

    @property
    def sid(self) -> str:
        return sid("AE", self.id)


class EventFilter(Struct, frozen=True):
    """`since` is the first moment and `until` the first that is too late."""

    actor_sid: str | None = None
    type: str | None = None
    resource_sid: str | None = None
    since: datetime | None = None
    until: datetime | None = None
