"""Blobs in a local folder: obstore reads, lists and deletes; writing is our own, because obstore's does not fsync."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import msgspec
import obstore
from obstore.store import LocalStore

from octavo.kernel.blobs._keys import checked_key
from octavo.kernel.blobs._publish import clear_refusals, publish
from octavo.kernel.refusals import Conflict, NotFound
from octavo.settings import Settings


class BlobMissing(NotFound):
    title = "That file is not stored here"


class BlobExists(Conflict):
    title = "A file of that name is stored already"


class BlobInfo(msgspec.Struct, frozen=True):
    """`etag` is quoted, as HTTP wants it, and changes with the content."""

    key: str
    size: int
    etag: str
    modified: datetime


class Blobs:
    """Whole files by key. Objects lie in `root/objects`, half-written ones in `root/spool`, on one file system."""

    def __init__(self, root: Path) -> None:
        self.objects = root / "objects"
        self.spool_dir = root / "spool"
        with clear_refusals():
            self.objects.mkdir(parents=True, exist_ok=True)
            self.spool_dir.mkdir(exist_ok=True)
        self._store = LocalStore(prefix=self.objects)

    @classmethod
    def open(cls, settings: Settings) -> "Blobs":
        """The blobs of these settings, without what a crash left half-written long ago."""
        blobs = cls(settings.blobs.path or settings.data_dir / "blobs")
        blobs.sweep_orphans(older_than=settings.blobs.orphan_hours * 3600)
        return blobs

    async def put(self, key: str, content: bytes | Path, *, create_only: bool = False) -> None:
        """Store the content; it is safe on the disk when this returns.

        A file is hard-linked where it can be, so a film costs no copy: delete it afterwards, but do not write to it.
        Raises BlobExists with `create_only`, StorageFull, and Unavailable when the disk takes no writes.
        """
        target = self.local_path(key)
        try:
            await asyncio.to_thread(publish, content, target, self.spool_dir, create_only=create_only)
        except FileExistsError as error:
            raise BlobExists(f"{key} is stored already.") from error

    async def get(self, key: str) -> bytes:
        try:
            answer = await obstore.get_async(self._store, checked_key(key))
            return bytes(await answer.bytes_async())
        except FileNotFoundError as error:
            raise _missing(key) from error

    async def get_range(self, key: str, start: int, length: int) -> bytes:
        """Up to `length` bytes from `start`; fewer at the end of the blob, none behind it."""
        info = await self.head(key)
        if info is None:
            raise _missing(key)
        length = min(length, info.size - start)
        if length <= 0:
            return b""
        try:
            return bytes(await obstore.get_range_async(self._store, key, start=start, length=length))
        except FileNotFoundError as error:
            raise _missing(key) from error

    async def head(self, key: str) -> BlobInfo | None:
        try:
            return _info(await obstore.head_async(self._store, checked_key(key)))
        except FileNotFoundError:
            return None

    async def delete(self, key: str) -> None:
        """Remove the blob; nothing happens when it is not there. Folders that it leaves empty go too."""
        path = self.local_path(key)
        with clear_refusals():
            await asyncio.to_thread(self._remove, path)

    async def list(self, folder: str = "") -> AsyncIterator[BlobInfo]:
        """Every blob whose key begins with `folder` and a slash, in no order."""
        prefix = checked_key(folder.rstrip("/")) if folder else None
        async for batch in obstore.list(self._store, prefix=prefix):
            for meta in batch:
                yield _info(meta)

    def local_path(self, key: str) -> Path:
        """The real file of the key (which may not exist): ffmpeg and range requests read it directly."""
        return self.objects / checked_key(key)

    def sweep_orphans(self, *, older_than: float) -> int:
        """Remove what lies in the spool for more than `older_than` seconds: its writer is dead. Returns how many."""
        oldest = time.time() - older_than
        removed = 0
        for path in self.spool_dir.glob("put-*"):
            try:
                if path.lstat().st_mtime < oldest:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                    removed += 1
            except OSError:
                continue  # another process was quicker, or the disk takes no writes: it can wait
        return removed

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.objects:
                break
            try:
                folder.rmdir()
            except OSError:
                break  # not empty


def _info(meta: "obstore.ObjectMeta") -> BlobInfo:
    return BlobInfo(meta["path"], meta["size"], meta["e_tag"] or "", meta["last_modified"])


def _missing(key: str) -> BlobMissing:
    return BlobMissing(f"{key} is not stored here.")
