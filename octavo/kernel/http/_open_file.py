"""Local files that are open, and what is known of the page cache's part of them."""

import asyncio
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from octavo.kernel.refusals import NotFound

# How long files that are asked for again and again stay open, and what was found in the page cache is relied on.
KEPT_SECONDS = 10.0
MOST_KEPT = 128
# A disk is read some 128 KiB at once: where one byte of it is in the page cache, what is around is as well.
READ_TOGETHER = 256 * 1024
_NOWAIT = getattr(os, "RWF_NOWAIT", 0)


class OpenFile:
    """A local file as a RangeReader. It is closed as often as it was opened and held.

    Raises NotFound where there is none.
    """

    __slots__ = ("_holders", "_seen", "descriptor", "etag", "modified", "size")

    def __init__(self, path: Path) -> None:
        try:
            self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound from error
        info = os.fstat(self.descriptor)
        if not stat.S_ISREG(info.st_mode):
            os.close(self.descriptor)
            raise NotFound
        self.size = info.st_size
        self.etag = f"{info.st_mtime_ns:x}-{info.st_size:x}"
        self.modified = datetime.fromtimestamp(int(info.st_mtime), UTC)
        self._holders = 1
        self._seen = bytearray()  # which blocks were found in the page cache; as long as the file from the first on

    def __enter__(self) -> "OpenFile":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def hold(self) -> None:
        """It stays open for one `close` more."""
        self._holders += 1

    def close(self) -> None:
        self._holders -= 1
        if not self._holders:
            os.close(self.descriptor)

    async def read(self, start: int, length: int) -> bytes | bytearray:
        """One system call when the page cache has it all; a cold read goes to a thread and blocks nobody else."""
        buffer = bytearray(length)
        try:
            if os.preadv(self.descriptor, [buffer], start, _NOWAIT) == length:
                return buffer
        except OSError:
            pass  # not in the page cache, or a file system without RWF_NOWAIT
        return await asyncio.to_thread(os.pread, self.descriptor, length, start)

    def is_cached(self, start: int, end: int) -> bool:
        """Whether it can be had without the disk, as far as a few probes tell, or told lately."""
        if self._seen and self._seen.find(0, start // READ_TOGETHER, -(-end // READ_TOGETHER)) < 0:
            return True
        if not _needs_no_disk(self.descriptor, start, end):
            return False
        self.saw(start, end)
        return True

    def saw(self, start: int, end: int) -> None:
        """It is in the page cache now."""
        self._seen = self._seen or bytearray(-(-self.size // READ_TOGETHER))
        first, past = start // READ_TOGETHER, -(-end // READ_TOGETHER)
        self._seen[first:past] = b"\1" * (past - first)

    def read_together(self, start: int, end: int) -> tuple[int, int]:
        """Where what is read together with that part starts and ends."""
        return start // READ_TOGETHER * READ_TOGETHER, min(-(-end // READ_TOGETHER) * READ_TOGETHER, self.size)

    def forget(self) -> None:
        """What was found in the page cache is not relied on any more."""
        self._seen = bytearray()


class KeptOpen:
    """Files that were asked for a moment ago and may be again: to open and close costs as much as the rest of it."""

    def __init__(self) -> None:
        self._files: dict[Path, _Kept] = {}  # those opened first come first

    def hold(self, path: Path) -> OpenFile:
        """To be closed after use. Raises NotFound, and OSError where no descriptors are left."""
        kept = self._files.get(path)
        file = kept.file if kept is not None else self._opened(path)
        file.hold()
        return file

    def close(self) -> None:
        """They stay open as long as others hold them."""
        while self._files:
            self._close_first()

    def _opened(self, path: Path) -> OpenFile:
        file, loop = OpenFile(path), asyncio.get_running_loop()
        if len(self._files) == MOST_KEPT:
            self._close_first()
        elif not self._files:
            loop.call_later(KEPT_SECONDS, self._close_old, loop)
        self._files[path] = _Kept(file, loop.time() + KEPT_SECONDS)
        return file

    def _close_old(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._files and next(iter(self._files.values())).until <= loop.time():
            self._close_first()
        if self._files:
            loop.call_at(next(iter(self._files.values())).until, self._close_old, loop)

    def _close_first(self) -> None:
        self._files.pop(next(iter(self._files))).file.close()


class _Kept(NamedTuple):
    file: OpenFile
    until: float  # by the loop's clock


def _needs_no_disk(file: int, start: int, end: int) -> bool:
    byte = [bytearray(1)]
    try:
        for place in range(start, end, READ_TOGETHER):
            os.preadv(file, byte, place, _NOWAIT)
        return os.preadv(file, byte, end - 1, _NOWAIT) == 1
    except OSError:  # not there, or a file system that does not tell
        return False
