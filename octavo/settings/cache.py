"""Settings of `kernel.cache`: what a process remembers."""

from typing import Annotated

import msgspec
from msgspec import Meta


class CacheSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each process remembers, and for how long."""

    entries: Annotated[int, Meta(ge=1, description="Most entries kept; the least recently used one goes first.")] = (
        10_000
    )
    longest_seconds: Annotated[
        float, Meta(gt=0, description="Longest that any entry is believed, whatever its own time to live says.")
    ] = 300.0
