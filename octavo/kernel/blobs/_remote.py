"""Blobs in a remote store: Amazon S3 and what speaks its protocol, or Google Cloud Storage, all through obstore."""

import asyncio
import math
import mmap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar

import obstore
from obstore.store import GCSStore, MemoryStore, S3Store

from octavo.kernel.blobs._blob import BlobExists, BlobInfo, BlobMissing
from octavo.kernel.blobs._copies import Copies
from octavo.kernel.blobs._keys import checked_key
from octavo.kernel.blobs._memory import Memory
from octavo.kernel.blobs._persistence import CutShort, Failure, Kind, persist, refusal
from octavo.kernel.blobs._publish import clear_refusals
from octavo.kernel.blobs._reader import StoredFile
from octavo.kernel.blobs._trial import try_out
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import TooLarge
from octavo.settings import BlobsSettings

T = TypeVar("T")
Store = S3Store | GCSStore | MemoryStore

AT_ONCE = 4  # parts of one file
MOST_PARTS = 9_000  # S3 takes 10,000
LARGEST_REQUEST = 5 * 1024**3  # bytes that S3 takes in one
SLOWEST = 512 * 1024  # bytes a second of a file that goes in one request
LISTED_AT_ONCE = 1_000
TYPES = {
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".vtt": "text/vtt",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
WRITER = "octavo-writer"  # metadata of what was created: by whom


class OpenStore(Protocol):
    """Makes a store whose requests may take so many seconds; `public` is the store as players reach it."""

    def __call__(self, *, seconds: float | None = None, public: bool = False) -> Store: ...


class RemoteBlobs:
    """Objects lie in the store; `root` on this machine holds what is on its way there, and copies of what is read."""

    def __init__(self, open_store: OpenStore, root: Path, settings: BlobsSettings) -> None:
        self.spool_dir = root / "spool"
        with clear_refusals():
            self.spool_dir.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._open_store = open_store
        self._store = open_store()
        self._public = open_store(public=True) if settings.delivery == "redirect" else None
        self.copies = Copies(
            root / "copies",
            most_bytes=settings.copies_bytes,
            most_seconds=settings.orphan_hours * 3600,
            part=settings.part_bytes,
        )
        self._infos = Memory()

    async def put(self, key: str, content: bytes | Path, *, create_only: bool = False) -> None:
        self._infos.forget(checked_key(key))
        size = _size(content)
        await (self._create(key, content, size) if create_only else self._overwrite(key, content, size))
        if isinstance(content, Path):
            # Whoever made a file often reads it next: the copy costs a name.
            await self.copies.adopt(await self._fresh_info(key), content)

    async def get(self, key: str) -> bytes:
        async def whole() -> bytes:
            answer = await obstore.get_async(self._store, checked_key(key))
            return _complete(bytes(await answer.bytes_async()), answer.meta["size"])

        return await self._ask(whole, key)

    async def get_range(self, key: str, start: int, length: int) -> bytes:
        info = await self._info(key)
        length = min(length, info.size - start)
        return await self._read(info, start, length) if length > 0 else b""

    async def head(self, key: str) -> BlobInfo | None:
        try:
            return await self._fresh_info(key)
        except BlobMissing:
            return None

    async def delete(self, key: str) -> None:
        self._infos.forget(checked_key(key))
        try:
            await self._ask(lambda: obstore.delete_async(self._store, key), key)
        except BlobMissing:
            pass  # Google's tells so
        await asyncio.to_thread(self.copies.forget, key)

    async def list(self, folder: str = "") -> AsyncIterator[BlobInfo]:
        prefix = checked_key(folder.rstrip("/")) if folder else None
        last: str | None = None

        async def following() -> "list[obstore.ObjectMeta]":
            # A listing of its own for each thousand: one that breaks goes on where it was.
            listing = obstore.list(self._store, prefix, offset=last, chunk_size=LISTED_AT_ONCE)
            async for batch in listing:
                return list(batch)
            return []

        while batch := await self._ask(following, folder):
            for meta in batch:
                yield _as_info(meta)
            if len(batch) < LISTED_AT_ONCE:
                return
            last = batch[-1]["path"]

    def local_copy(self, key: str) -> AbstractAsyncContextManager[Path]:
        return self.copies.held(lambda: self._fresh_info(key), self._read)

    async def opened(self, key: str) -> StoredFile:
        return StoredFile(await self._info(key), self._read)

    async def address(self, key: str) -> str:
        store = self._public
        if store is None or isinstance(store, MemoryStore):
            return ""
        lifetime = timedelta(seconds=self._settings.redirect_seconds)
        return await self._ask(lambda: obstore.sign_async(store, "GET", checked_key(key), lifetime), key)

    async def check(self) -> None:
        await try_out(self._store, self._settings)

    async def _overwrite(self, key: str, content: bytes | Path, size: int) -> None:
        part = max(self._settings.part_bytes, math.ceil(size / MOST_PARTS))

        async def attempt() -> None:
            await obstore.put_async(
                self._store, key, content, attributes=_attributes(key), chunk_size=part, max_concurrency=AT_ONCE
            )
            if isinstance(content, Path) and (await obstore.head_async(self._store, key))["size"] != size:
                raise CutShort

        await self._ask(attempt, key)

    async def _create(self, key: str, content: bytes | Path, size: int) -> None:
        """One request, because only that is conditional everywhere. An answer that was lost leaves us in doubt whether
        we or somebody else came first: the object says who wrote it.
        """
        if size > LARGEST_REQUEST:
            raise TooLarge(f"A file of {size:,} bytes is too large to be stored only where there is none yet.")
        store = self._open_store(seconds=self._settings.timeout + size / SLOWEST)
        body, writer = _mapped(content) if isinstance(content, Path) else content, new_id().hex
        attributes = {**_attributes(key), WRITER: writer}

        async def attempt() -> None:
            await obstore.put_async(store, key, body, mode="create", attributes=attributes, use_multipart=False)

        try:
            await persist(attempt, patience=self._settings.patience)
        except Failure as failure:
            if failure.kind is not Kind.EXISTS:
                raise refusal(failure, key) from None
            if await self._writer(key) != writer:
                raise BlobExists(f"{key} is stored already.") from None

    async def _writer(self, key: str) -> str:
        async def look() -> str:
            answer = await obstore.get_async(self._store, key, options={"head": True})
            return str(answer.attributes.get(WRITER, ""))

        return await self._ask(look, key)

    async def _info(self, key: str) -> BlobInfo:
        return self._infos.recall(checked_key(key)) or await self._fresh_info(key)

    async def _fresh_info(self, key: str) -> BlobInfo:
        info = _as_info(await self._ask(lambda: obstore.head_async(self._store, checked_key(key)), key))
        self._infos.keep(info)
        return info

    async def _read(self, info: BlobInfo, start: int, length: int) -> bytes:
        """So many bytes of this very version of the blob; BlobMissing where another has taken its place."""

        async def part() -> bytes:
            options: obstore.GetOptions = {"range": (start, start + length), "if_match": info.etag or None}
            answer = await obstore.get_async(self._store, info.key, options=options)
            return _complete(bytes(await answer.bytes_async()), length)

        try:
            return await self._ask(part, info.key)
        except BlobMissing:
            self._infos.forget(info.key)
            raise

    async def _ask(self, attempt: Callable[[], Awaitable[T]], key: str) -> T:
        try:
            return await persist(attempt, patience=self._settings.patience)
        except Failure as failure:
            raise refusal(failure, key) from None


def _size(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _complete(content: bytes, length: int) -> bytes:
    if len(content) != length:
        raise CutShort
    return content


def _mapped(path: Path) -> bytes | mmap.mmap:
    """The file's bytes without reading them into memory that stays taken."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) if path.stat().st_size else b""


def _attributes(key: str) -> dict[str, str]:
    """Players that are redirected hear of the type from the store alone."""
    return {"Content-Type": TYPES.get(Path(key).suffix, "application/octet-stream")}


def _as_info(meta: "obstore.ObjectMeta") -> BlobInfo:
    return BlobInfo(meta["path"], meta["size"], meta["e_tag"] or "", meta["last_modified"])
