"""Settings of `kernel.events`: the outbox, its relay and the wake-ups."""

import msgspec


class EventsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How events travel between processes."""
