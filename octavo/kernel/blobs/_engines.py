"""Which engine the settings name."""

from functools import partial

from octavo.kernel.blobs._blob import Blobs
from octavo.kernel.blobs._local import LocalBlobs
from octavo.kernel.blobs._remote import RemoteBlobs
from octavo.kernel.blobs._spool import sweep_spool
from octavo.kernel.blobs._stores import remote_store
from octavo.settings import Settings


def open_blobs(settings: Settings) -> Blobs:
    """The blobs of these settings, without what a crash left half-written long ago. Raises StoreUnusable."""
    root = settings.blobs.path or settings.data_dir / "blobs"
    old = settings.blobs.orphan_hours * 3600
    if settings.blobs.engine == "local":
        local = LocalBlobs(root)
        sweep_spool(local.spool_dir, older_than=old)
        return local
    remote = RemoteBlobs(partial(remote_store, settings.blobs), root, settings.blobs)
    sweep_spool(remote.spool_dir, older_than=old)
    remote.copies.evict()
    return remote
