"""Blobs in a local folder: obstore reads, lists and deletes; writing is our own, because obstore's does not fsync."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import obstore
from obstore.store import LocalStore

from octavo.kernel.blobs._blob import BlobExists, BlobInfo, BlobMissing, StoreUnusable
from octavo.kernel.blobs._keys import checked_key
from octavo.kernel.blobs._publish import clear_refusals, publish
from octavo.kernel.refusals import StorageFull, Unavailable


class LocalBlobs:
    """Objects lie in `root/objects`, half-written ones in `root/spool`, on one file system."""

    def __init__(self, root: Path) -> None:
        self.objects = root / "objects"
        self.spool_dir = root / "spool"
        with clear_refusals():
            self.objects.mkdir(parents=True, exist_ok=True)
            self.spool_dir.mkdir(exist_ok=True)
        self._store = LocalStore(prefix=self.objects)

    async def put(self, key: str, content: bytes | Path, *, create_only: bool = False) -> None:
        """A file is hard-linked where it can be. Raises Unavailable when the disk takes no writes."""
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
        """Folders that the blob leaves empty go too."""
        path = self.local_path(key)
        with clear_refusals():
            await asyncio.to_thread(self._remove, path)

    async def list(self, folder: str = "") -> AsyncIterator[BlobInfo]:
        prefix = checked_key(folder.rstrip("/")) if folder else None
        async for batch in obstore.list(self._store, prefix=prefix):
            for meta in batch:
                yield _info(meta)

    @asynccontextmanager
    async def local_copy(self, key: str) -> AsyncIterator[Path]:
        path = self.local_path(key)
        if not path.is_file():
            raise _missing(key)
        yield path

    async def opened(self, key: str) -> Path:
        """Whether it is there is found when it is opened: one system call less for each range of a film."""
        return self.local_path(key)

    async def address(self, key: str) -> str:
        return ""

    async def check(self) -> None:
        try:
            await asyncio.to_thread(publish, b"", self.spool_dir / "check", self.spool_dir, create_only=False)
            (self.spool_dir / "check").unlink(missing_ok=True)
        except (StorageFull, Unavailable) as error:
            raise StoreUnusable(f"{self.objects.parent}: {error.detail}") from error

    def local_path(self, key: str) -> Path:
        """The real file of the key, which may not exist. Others reach it by `local_copy` and `opened`."""
        return self.objects / checked_key(key)

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
