"""Copies of remote blobs on this machine, for programs that read files: bounded, shared by processes, safe to kill.

Who reads a copy holds a shared lock on it, and who makes one an exclusive lock on its part file: locks end with their
processes, so nothing is held by the dead, and nothing is removed under the living.
"""

import asyncio
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from octavo.kernel.blobs._blob import BlobInfo
from octavo.kernel.blobs._publish import clear_refusals
from octavo.kernel.blobs._reader import ReadPart
from octavo.kernel.refusals import StorageFull

PARTS_AT_ONCE = 4
LOOK_AGAIN = 0.1
PART = ".part"


class Copies:
    """At most `most_bytes` together, the least recently read going first, and none that nobody has read for
    `most_seconds`; what is being read stays.
    """

    def __init__(self, folder: Path, *, most_bytes: int, most_seconds: float, part: int) -> None:
        with clear_refusals():
            folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._part = part

    @asynccontextmanager
    async def held(self, look: Callable[[], Awaitable[BlobInfo]], read_part: ReadPart) -> AsyncIterator[Path]:
        """The copy of the blob as it is now, fetched where it is not here, while the block lasts."""
        info = await look()
        path = self._path(info)
        while (descriptor := await self._open(info, path, read_part)) is None:
            pass
        try:
            os.utime(descriptor)
            await asyncio.to_thread(self.evict)
            yield path
        finally:
            os.close(descriptor)

    async def adopt(self, info: BlobInfo, source: Path) -> None:
        """What was just stored from `source` has its copy already, where the file system can give it a second name."""
        with suppress(OSError):
            os.link(source, path := self._path(info))
            os.utime(path)
            await asyncio.to_thread(self.evict)

    def evict(self, *, all_unused: bool = False) -> None:
        found = sorted(_sized(self._folder.iterdir()))
        total = sum(size for _, size, _ in found)
        long_ago = time.time() - self._most_seconds
        for read_at, size, path in found:
            if all_unused or total > self._most_bytes or read_at < long_ago:
                total -= size if _remove_unused(path) else 0

    def forget(self, key: str) -> None:
        """Of what is deleted no copy stays here; on other machines it goes when its time is over."""
        for path in self._folder.glob(f"{_digest(key)}-*"):
            _remove_unused(path)

    async def _open(self, info: BlobInfo, path: Path, read_part: ReadPart) -> int | None:
        """The copy, held, and made where it is not here; None, after a moment, where somebody else makes it."""
        if (descriptor := _open_shared(path)) is not None:
            return descriptor
        part = path.with_suffix(PART)
        descriptor = _open_locked(part)
        if descriptor is None:
            await asyncio.sleep(LOOK_AGAIN)
            return None
        try:
            if await asyncio.to_thread(path.exists):  # since we looked
                part.unlink()
                os.close(descriptor)
                return None
            await self._fetch(info, descriptor, read_part)
            with clear_refusals():
                part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            os.close(descriptor)
            raise
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return _if_still_there(descriptor, path)

    async def _fetch(self, info: BlobInfo, descriptor: int, read_part: ReadPart) -> None:
        await _to_its_end(self._make_room, descriptor, info.size)
        await self._fill(descriptor, info, read_part)
        with clear_refusals():
            # A copy that a power cut left half-written must not have the name of a whole one.
            await _to_its_end(os.fsync, descriptor)

    async def _fill(self, descriptor: int, info: BlobInfo, read_part: ReadPart) -> None:
        starts = iter(range(0, info.size, self._part))

        async def fetch_parts() -> None:
            for start in starts:
                content = await read_part(info, start, min(self._part, info.size - start))
                with clear_refusals():
                    await _to_its_end(_write_at, descriptor, content, start)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(PARTS_AT_ONCE):
                    group.create_task(fetch_parts())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    def _make_room(self, descriptor: int, size: int) -> None:
        """Takes the room at once: a film that does not fit is refused before its first byte is fetched."""
        os.ftruncate(descriptor, 0)
        try:
            with clear_refusals():
                _allocate(descriptor, size)
        except StorageFull:
            self.evict(all_unused=True)
            with clear_refusals():
                _allocate(descriptor, size)

    def _path(self, info: BlobInfo) -> Path:
        return self._folder / f"{_digest(info.key)}-{_digest(info.etag)}"


async def _to_its_end(work: Callable[..., None], *arguments: object) -> None:
    """In a thread, and not left before that has ended: the descriptor that it works on is closed afterwards."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(running)
    finally:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _allocate(descriptor: int, size: int) -> None:
    if size:
        os.posix_fallocate(descriptor, 0, size)


def _write_at(descriptor: int, content: bytes, start: int) -> None:
    rest = memoryview(content)
    while rest:
        written = os.pwrite(descriptor, rest, start)
        rest, start = rest[written:], start + written


def _open_shared(path: Path) -> int | None:
    """The copy, locked against removal; None where it is not here."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)  # removers hold theirs for a moment only
    return _if_still_there(descriptor, path)


def _open_locked(path: Path) -> int | None:
    """The file, made where it is not there, locked for us alone; None where somebody else has it."""
    with clear_refusals():
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return _if_still_there(descriptor, path)


def _if_still_there(descriptor: int, path: Path) -> int | None:
    if _is_at(path, descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _is_at(path: Path, descriptor: int) -> bool:
    """Between open and lock the file may have lost its name, and another may have it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove_unused(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(path, descriptor):
            path.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _sized(paths: Iterable[Path]) -> list[tuple[float, int, Path]]:
    """When each was read last, and its size."""
    found = []
    for path in paths:
        with suppress(FileNotFoundError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    return found
