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
# What file systems say that know no files without a name, no hard links, no more of them, or none to another one.
NEED_A_NAME = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EISDIR}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}


def publish(content: bytes | Path, target: Path, spool: Path, *, create_only: bool) -> None:
    """Store `content` as `target`. Raises FileExistsError with `create_only`, StorageFull and Unavailable.

    fsync, then a hard link, and a rename where something may be replaced, then fsync of the folder: after a power cut
    the name holds the old content or the new, never a part, and whoever is killed while they write leaves nothing.
    """
    with clear_refusals():
        try:
            with _nameless(content, spool) as source:
                _publish(source, target, spool, create_only=create_only)
        except OSError as error:
            if error.errno not in NEED_A_NAME:
                raise
            with _named(content, spool) as source:
                _name(source, target, create_only=create_only)


def _publish(source: Path, target: Path, spool: Path, *, create_only: bool) -> None:
    if create_only:
        _name(source, target, create_only=True)
        return
    temporary = spool / f"put-{new_id().hex}"
    try:
        _link(source, temporary)
        _name(temporary, target, create_only=False)
    finally:
        temporary.unlink(missing_ok=True)  # still there after a rename onto another name of the same file


@contextmanager
def _nameless(content: bytes | Path, spool: Path) -> Iterator[Path]:
    """A path from which the content can be linked: that of the file itself, or of one that goes with its process."""
    if isinstance(content, Path):
        os.utime(content)  # what is stored now is new, however old its file is: sweeps go by the time
        _sync(content, os.O_RDONLY)
        yield content
        return
    descriptor = os.open(spool, os.O_TMPFILE | os.O_WRONLY, 0o644)
    try:
        _write_all(descriptor, content)
        os.fsync(descriptor)
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextmanager
def _named(content: bytes | Path, spool: Path) -> Iterator[Path]:
    """The same where the file system links no such files, or no files at all."""
    temporary = spool / f"put-{new_id().hex}"
    try:
        _write(content, temporary)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)  # after a link, after an error


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
        if error.errno not in NEED_A_NAME:
            raise
        shutil.copyfile(source, temporary)


def _name(temporary: Path, target: Path, *, create_only: bool) -> None:
    """Whoever deletes the last blob of a folder removes the folder too, perhaps just now: then it is made again."""
    put = _link if create_only else os.replace
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


def _link(source: Path, name: Path) -> None:
    # With a descriptor of a folder, which counts for nothing beside a whole path, Python calls linkat(2): link(2) would
    # not follow the path that stands for a file without a name.
    os.link(source.absolute(), name, src_dir_fd=0, follow_symlinks=True)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it, each safe on the disk before something is put into it.

    Another may make it just now, and remove it again: whoever puts something into it will see.
    """
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    try:
        folder.mkdir()
    except FileExistsError:
        if folder.is_file():
            raise
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, how: int) -> None:
    descriptor = os.open(path, how)
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
