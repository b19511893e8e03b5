"""Files by key: stored whole or not at all, in a local folder, S3 or Google Cloud Storage, as the settings say."""

from octavo.kernel.blobs._blob import BlobExists, BlobInfo, BlobMissing, BlobReader, Blobs, StoreUnusable
from octavo.kernel.blobs._engines import open_blobs
from octavo.kernel.blobs._keys import BadBlobKey, checked_key

__all__ = [
    "BadBlobKey",
    "BlobExists",
    "BlobInfo",
    "BlobMissing",
    "BlobReader",
    "Blobs",
    "StoreUnusable",
    "checked_key",
    "open_blobs",
]
