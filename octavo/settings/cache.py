"""Settings of `kernel.cache`: what a process remembers."""

import msgspec


class CacheSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each process remembers, and for how long."""
