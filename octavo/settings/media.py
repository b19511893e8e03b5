"""Settings of `kernel.media`: upload, encoding and delivery."""

import msgspec


class MediaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is accepted, how it is encoded, and how it is delivered."""
