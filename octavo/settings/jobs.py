"""Settings of `kernel.jobs`: the queue and its workers."""

import msgspec


class JobsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How background work is claimed, kept alive and retried."""
