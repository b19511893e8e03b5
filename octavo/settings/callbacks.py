"""Settings of `kernel.callbacks`: signed requests to the servers of those who use Octavo."""

from typing import Annotated

import msgspec
from msgspec import Meta


class CallbacksSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How patiently callbacks are delivered."""

    timeout: Annotated[float, Meta(gt=0, description="Seconds that a server has to answer a callback.")] = 15.0
    attempts: Annotated[
        int, Meta(ge=1, description="How often a callback is tried, its fallback included, before it has failed.")
    ] = 8
    first_retry: Annotated[
        float, Meta(gt=0, description="Seconds before the second try; each wait is thrice the last.")
    ] = 5.0
    concurrency: Annotated[int, Meta(ge=1, description="Most callbacks under way at once, in one process.")] = 200
    per_destination: Annotated[
        int, Meta(ge=1, description="Most callbacks of one account under way to one server at once.")
    ] = 32
    keep_days: Annotated[int, Meta(ge=0, description="Days that delivered callbacks are kept for the inspector.")] = 7
