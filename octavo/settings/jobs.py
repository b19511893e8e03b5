"""Settings of `kernel.jobs`: leases, retries and shut-down of background work."""

from typing import Annotated

import msgspec
from msgspec import Meta


class JobsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How background work is shared out, watched over and given back."""

    concurrency: Annotated[
        int, Meta(ge=1, description="Jobs of one queue that a worker runs at a time, unless the queue says otherwise.")
    ] = 8
    batch: Annotated[int, Meta(ge=1, le=5000, description="Most jobs that a worker claims at a time.")] = 500
    poll_seconds: Annotated[
        float, Meta(gt=0, description="Seconds between looks at the queue when no wake-up has come.")
    ] = 1.0
    heartbeat_seconds: Annotated[float, Meta(gt=0, description="Seconds between two signs of life of a worker.")] = 3.0
    lease_seconds: Annotated[
        float,
        Meta(gt=0, description="Seconds without a sign of life after which a worker's jobs are given to others."),
    ] = 15.0
    shutdown_seconds: Annotated[
        float, Meta(gt=0, description="Seconds that running jobs have to end by themselves when the worker is stopped.")
    ] = 4.0
    dead_days: Annotated[
        float, Meta(gt=0, description="Days that a job which failed for good is kept to be looked at.")
    ] = 30.0
    dead_kept: Annotated[int, Meta(ge=1, description="Most jobs that failed for good which are kept.")] = 10_000

    def __post_init__(self) -> None:
        if self.lease_seconds < 2 * self.heartbeat_seconds:
            raise ValueError("jobs.lease_seconds must be at least twice jobs.heartbeat_seconds")
