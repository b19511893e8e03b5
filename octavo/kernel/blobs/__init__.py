"""Files by key: stored whole or not at all, on this machine's disk (other stores speak the same interface)."""

from octavo.kernel.blobs._keys import BadBlobKey, checked_key
from octavo.kernel.blobs._local import BlobExists, BlobInfo, BlobMissing, Blobs

__all__ = ["BadBlobKey", "BlobExists", "BlobInfo", "BlobMissing", "Blobs", "checked_key"]
