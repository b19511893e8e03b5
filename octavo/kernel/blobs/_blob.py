"""What every engine of blobs does, what a blob is, and what is refused."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from octavo.kernel.refusals import Conflict, NotFound, Unavailable


class BlobMissing(NotFound):
    title = "That file is not stored here"


class BlobExists(Conflict):
    title = "A file of that name is stored already"


class StoreUnusable(Unavailable):
    """Not a passing fault: somebody has to mend the settings, or the bucket."""

    title = "The store of files cannot be used as it is set up"


class BlobInfo(msgspec.Struct, frozen=True):
    """`etag` is quoted, as HTTP wants it, and changes with the content."""

    key: str
    size: int
    etag: str
    modified: datetime


class BlobReader(Protocol):
    """A stored file that is read in pieces; `etag` has no quotes. What `http.FileRange` takes beside a path."""

    size: int
    etag: str

    async def read(self, start: int, length: int) -> bytes | bytearray: ...


class Blobs(Protocol):
    """Whole files by key: a blob is there with all of its bytes, or not there.

    Every operation may raise BadBlobKey, and Unavailable when the store does not answer, or refuses, for long enough.
    """

    spool_dir: Path
    """A local folder for what is not stored yet. Names that begin with `put-` are swept when their writer is dead."""

    async def put(self, key: str, content: bytes | Path, *, create_only: bool = False) -> None:
        """Store the content; it is safe when this returns.

        A file may be kept by a hard link, so that a film costs no copy: delete it afterwards, but do not write to it.
        Raises BlobExists with `create_only`, and StorageFull.
        """

    async def get(self, key: str) -> bytes:
        """Raises BlobMissing."""

    async def get_range(self, key: str, start: int, length: int) -> bytes:
        """Up to `length` bytes from `start`; fewer at the end of the blob, none behind it. Raises BlobMissing."""

    async def head(self, key: str) -> BlobInfo | None: ...

    async def delete(self, key: str) -> None:
        """Remove the blob; nothing happens when it is not there."""

    def list(self, folder: str = "") -> AsyncIterator[BlobInfo]:
        """Every blob whose key begins with `folder` and a slash, in no order."""

    def local_copy(self, key: str) -> AbstractAsyncContextManager[Path]:
        """A local file with the blob's bytes, for programs such as ffmpeg: to be read, while the block lasts.

        Raises BlobMissing, and StorageFull.
        """

    async def opened(self, key: str) -> Path | BlobReader:
        """What a response sends ranges of: the blob's own file, or a reader of the store. Raises BlobMissing."""

    async def address(self, key: str) -> str:
        """A signed address at which players fetch the blob from the store itself; empty where this server sends it."""

    async def check(self) -> None:
        """Try out all that Octavo needs of the store. Raises StoreUnusable with a sentence that says what to do."""
