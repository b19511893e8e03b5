"""Publishing a file on the local disk: it appears under its name whole and safe, or not at all."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from octavo.kernel.ids import new_id
from octavo.kernel.refusals import StorageFull, Unavailable

TIMES_AGAINST_A_RACE = 100
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


def publish(content: bytes | Path, target: Path, spool: Path, *, create_only: bool) -> None:
    """Store `content` as `target`. Raises FileExistsError with `create_only`, StorageFull and Unavailable.

    Temporary name, fsync, then rename, or a hard link where nothing may be replaced, then fsync of the folder: after a
    power cut the name holds the old content or the new, never a part.
    """
    with clear_refusals():
        temporary = spool / f"put-{new_id().hex}"
        try:
            _write(content, temporary)
            _name(temporary, target, create_only=create_only)
        finally:
            # Still there after a link, after an error, and after a rename onto another name of the same file.
            temporary.unlink(missing_ok=True)


def _write(content: bytes | Path, temporary: Path) -> None:
    if isinstance(content, Path):
        _link_or_copy(content, temporary)
        descriptor = os.open(temporary, os.O_RDONLY)
    else:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        if isinstance(content, bytes):
            _write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link_or_copy(source: Path, temporary: Path) -> None:
    """A second name costs nothing; other file systems, and those without hard links, need a copy."""
    try:
        os.link(source, temporary)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}:
            raise
        shutil.copyfile(source, temporary)


def _name(temporary: Path, target: Path, *, create_only: bool) -> None:
    """Whoever deletes the last blob of a folder removes the folder too, perhaps just now: then it is made again."""
    put = os.link if create_only else os.replace
    for left in reversed(range(TIMES_AGAINST_A_RACE)):
        try:
            _make_folder(target.parent)
            put(temporary, target)
            break
        except FileNotFoundError:
            if not left:
                raise
    with suppress(FileNotFoundError):  # deleted again already, and its folder with it
        sync_folder(target.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it, each safe on the disk before something is put into it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def clear_refusals() -> Iterator[None]:
    """What the disk refuses, in words for a person."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull(
                "There is no room left on the disk. Nothing was stored; free some space and try again."
            ) from error
        if error.errno in NOT_WRITABLE:
            raise Unavailable(f"Files cannot be stored right now: {error.strerror}. Nothing was lost.") from error
        raise
