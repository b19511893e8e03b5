"""Reading a remote blob piece by piece, as responses do."""

from collections.abc import Awaitable, Callable

from octavo.kernel.blobs._blob import BlobInfo

ReadPart = Callable[[BlobInfo, int, int], Awaitable[bytes]]
WINDOW = 4 * 1024 * 1024
# A segment is a read or two; whoever goes on after that takes the whole file, in pieces worth a request each.
EXACT_READS = 2


class StoredFile:
    """One response's view of a blob, which is read from front to back."""

    def __init__(self, info: BlobInfo, read_part: ReadPart) -> None:
        self.size = info.size
        self.etag = info.etag.strip('"')
        self._info = info
        self._read_part = read_part
        self._start = 0
        self._window = b""
        self._reads = 0

    async def read(self, start: int, length: int) -> bytes:
        offset = start - self._start
        if not 0 <= offset <= len(self._window) - length:
            self._window = await self._read_part(self._info, start, self._worth_asking(start, length))
            self._start, offset = start, 0
        return self._window[offset : offset + length] if len(self._window) > length else self._window

    def _worth_asking(self, start: int, length: int) -> int:
        self._reads += 1
        wanted = length if self._reads <= EXACT_READS else max(length, WINDOW)
        return min(wanted, self.size - start)
