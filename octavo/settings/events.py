"""Settings of `kernel.events`: how fast they travel and how long they are kept."""

from typing import Annotated

import msgspec
from msgspec import Meta


class EventsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How events are relayed, delivered, retried and removed."""

    poll_seconds: Annotated[
        float, Meta(gt=0, description="Seconds between looks at the outbox when no wake-up has come.")
    ] = 1.0
    batch: Annotated[int, Meta(ge=1, le=10_000, description="Most events that are relayed or delivered at a time.")] = (
        500
    )
    tries: Annotated[
        int, Meta(ge=1, description="Times that a consumer is given an event before it is parked and the rest goes on.")
    ] = 5
    keep_hours: Annotated[
        float, Meta(ge=0, description="Hours that an event is kept after every consumer has seen it.")
    ] = 1.0
    keep_days_unseen: Annotated[
        float, Meta(gt=0, description="Days after which an event is removed though some consumer has not seen it.")
    ] = 7.0
