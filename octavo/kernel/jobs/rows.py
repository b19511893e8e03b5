"""Jobs as the worker claims them and as an operator sees them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class ClaimedJob(msgspec.Struct, frozen=True):
    """A job whose start has been counted and which nobody else will start, as long as the lease lasts."""

    queue_shard: UUID
    id: UUID
    name: str
    args: dict[str, Any]
    priority: int
    due: datetime
    starts: int
    max_starts: int
    run_token: UUID
    suspect: bool


class HeldJob(msgspec.Struct, frozen=True):
    queue_shard: UUID
    id: UUID
    run_token: UUID


class ListedJob(msgspec.Struct, frozen=True):
    id: UUID
    queue: str
    name: str
    key: str | None
    state: str
    priority: int
    due: datetime
    starts: int
    max_starts: int
    started_at: datetime | None
    error: str


class QueueDepth(msgspec.Struct, frozen=True):
    """`waiting` counts the jobs that could start now, `later` those whose time has not come."""

    queue: str
    waiting: int
    later: int
    running: int
    dead: int


class ListedWorker(msgspec.Struct, frozen=True):
    id: UUID
    host: str
    pid: int
    queues: list[str]
    started_at: datetime
    lease_until: datetime


class OtherWorker(msgspec.Struct, frozen=True):
    """What one worker must know of another to tell whether it is dead."""

    id: UUID
    host: str
    pid: int
    process_started: str
    lease_until: datetime
