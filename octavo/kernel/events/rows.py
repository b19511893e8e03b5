"""Events as they are told and as they lie in the outbox."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True):
    """What a package tells the others: past tense, named `package.what_happened`, holding ids rather than copies."""

    NAME: ClassVar[str]


class RelayedEvent(msgspec.Struct, frozen=True):
    position: int
    shard: UUID
    id: UUID
    name: str
    body: dict[str, Any]


class ParkedBody(msgspec.Struct, frozen=True):
    """A parked event as its consumer is given it again."""

    shard: UUID
    id: UUID
    name: str
    body: dict[str, Any]


class Relayed(msgspec.Struct, frozen=True):
    """What one turn of the relay did: how many events, and when the oldest of them was emitted."""

    number: int
    oldest: datetime | None


class Offset(msgspec.Struct, frozen=True):
    """How far a consumer has come. `tries` counts failures at the next event, which waits until `retry_at`."""

    position: int
    tries: int
    retry_at: datetime | None


class ParkedEvent(msgspec.Struct, frozen=True):
    shard: UUID
    id: UUID
    consumer: str
    name: str
    error: str
    parked_at: datetime
