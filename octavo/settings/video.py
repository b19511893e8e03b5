"""Settings of `products.video`."""

import msgspec


class VideoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the video product behaves."""
