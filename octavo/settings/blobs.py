"""Settings of `kernel.blobs`: where files are stored."""

import msgspec


class BlobsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where uploads and encoded media are stored."""
