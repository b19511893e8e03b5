"""The spool: an upload's bytes in a file of their own, hashed part by part as they come, held by one writer at a time.

The lock belongs to the open file, so it ends with the process that held it, however that process ends.
"""

import asyncio
import errno
import fcntl
import hashlib
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from octavo.kernel.media.upload.rows import PartHash
from octavo.kernel.media.upload.rules import UploadBusy
from octavo.kernel.refusals import StorageFull

PART = 8 * 1024 * 1024
PATIENCE, LOOK_AGAIN = 3.0, 0.05


@asynccontextmanager
async def locked_spool(path: Path, *, patience: float = PATIENCE) -> AsyncIterator["Spool"]:
    """The spool at `path`, made when it is not there, and gone afterwards when it is empty. Raises UploadBusy when
    another writer keeps it.

    A sender who breaks off and comes back at once finds its own former request just ending: that is worth a moment.
    """
    give_up = time.monotonic() + patience
    while (descriptor := _open_locked(path)) is None:
        if time.monotonic() >= give_up:
            raise UploadBusy("Another connection is writing this upload. Wait a moment and try again.")
        await asyncio.sleep(LOOK_AGAIN)
    spool = Spool(path, descriptor)
    try:
        yield spool
    finally:
        spool.close()


class Spool:
    """Blocking calls, for a thread: `resume` once, then any number of `append` and `settle`.

    The file lies on this machine's disk whatever the store is; it is handed to the store whole.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._file = descriptor
        # A cancelled request leaves its last call running in the thread: the file must not be closed under it.
        self._in_use = threading.Lock()
        self._hash = hashlib.sha256()
        self._finished: list[PartHash] = []
        self.size = 0

    def resume(self, offset: int) -> int:
        """Go on at `offset`, forgetting what was written after it; at an earlier part where the disk lost bytes."""
        with self._in_use:
            on_disk = os.fstat(self._file).st_size
            self.size = offset if on_disk >= offset else on_disk // PART * PART
            os.ftruncate(self._file, self.size)
            self._hash = hashlib.sha256()
            self._finished = []
            for start in range(self.size // PART * PART, self.size, 1 << 20):
                self._hash.update(os.pread(self._file, min(1 << 20, self.size - start), start))
            os.lseek(self._file, self.size, os.SEEK_SET)
            return self.size

    def append(self, data: bytes) -> None:
        rest = memoryview(data)
        with self._in_use, _clear_refusals():
            while rest:
                written = os.write(self._file, rest[: PART - self.size % PART])
                self._hash.update(rest[:written])
                rest = rest[written:]
                self.size += written
                if self.size % PART == 0:
                    self._end_part()

    def settle(self) -> list[PartHash]:
        """Bring what was appended safely to the disk. Returns the parts that became whole since the last time."""
        self.flush()
        return self.finished()

    def finished(self) -> list[PartHash]:
        """The parts that became whole since the last time."""
        finished, self._finished = self._finished, []
        return finished

    def flush(self) -> None:
        """Bring to the disk what was appended before; more may be appended meanwhile, by another thread."""
        with self._in_use:
            own = os.dup(self._file)
        try:
            with _clear_refusals():
                os.fdatasync(own)
        finally:
            os.close(own)

    def close(self) -> None:
        with self._in_use:
            # Whoever waited while the upload was finished or ended has made its file anew.
            if os.fstat(self._file).st_size == 0 and _is_at(self.path, self._file):
                self.path.unlink(missing_ok=True)
            os.close(self._file)

    def last_part(self) -> PartHash | None:
        """The hash of the shorter last part; None where the file ends with a whole one."""
        return PartHash(self.size // PART, self._hash.digest()) if self.size % PART else None

    def _end_part(self) -> None:
        self._finished.append(PartHash(self.size // PART - 1, self._hash.digest()))
        self._hash = hashlib.sha256()


def _open_locked(path: Path) -> int | None:
    """The open and locked file; None while another has it."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        if _is_at(path, descriptor):
            return descriptor
        # Between open and lock the file was moved away or removed; what we locked is no longer the spool.
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


@contextmanager
def _clear_refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The server's disk is full. What arrived before is kept; try again later.") from error
        raise
