"""The watched folder on the disk: what lies there, its bytes, and the few things that are written there. It blocks."""

import asyncio
import fcntl
import logging
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from octavo.kernel.media.upload.folder import rules
from octavo.kernel.media.upload.folder.rows import SeenFile

BLOCK = 1 << 20

log = logging.getLogger("octavo.media")


def files_in(folder: Path) -> list[SeenFile]:
    """Every file that counts, of all sub-folders. Links are not followed: they could lead anywhere."""
    return list(_walk(folder, ""))


def _walk(folder: Path, below: str) -> Iterator[SeenFile]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        log.warning("The watched folder %s cannot be read: %s", folder, error)
        return
    for entry in entries:
        if not rules.counts(entry.name):
            continue
        path = f"{below}{entry.name}"
        with suppress(FileNotFoundError):  # gone since it was listed
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{path}/")
            elif entry.is_file(follow_symlinks=False):
                if _is_text(path):
                    found = entry.stat(follow_symlinks=False)
                    yield SeenFile(path, found.st_size, found.st_mtime_ns)
                else:
                    log.warning("A file of the watched folder is passed over, for its name is no UTF-8: %r", path)


def _is_text(path: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in path)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file for reading, and nothing else: no link, no pipe that would never end. Raises FileChanged."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise rules.FileChanged(f"{path.name} cannot be read: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise rules.FileChanged(f"{path.name} is no file.")
        try:
            # Looks go on while a large file is being read; the lock ends with the process.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise rules.FileChanged(f"{path.name} is being read already.") from error
        except OSError as error:
            log.info("%s cannot be locked: %s", path, error)  # some network folders know no locks
        yield file


def check_unchanged(file: BinaryIO, size: int, modified_ns: int) -> None:
    found = os.fstat(file.fileno())
    if (found.st_size, found.st_mtime_ns) != (size, modified_ns):
        raise rules.FileChanged


async def content(file: BinaryIO) -> AsyncIterator[bytes]:
    while block := await asyncio.to_thread(file.read, BLOCK):
        yield block


def tell_error(path: Path, sentence: str) -> None:
    """A text beside the file; who shares the folder may have no other view of Octavo."""
    try:
        path.with_name(path.name + rules.ERROR_ENDING).write_text(f"{sentence}\n", encoding="utf-8")
    except OSError as error:
        log.warning("%s was not taken in, and no text can be put beside it (%s): %s", path, error, sentence)


def forget_error(path: Path) -> None:
    with suppress(OSError):
        path.with_name(path.name + rules.ERROR_ENDING).unlink(missing_ok=True)


def move_away(folder: Path, path: str) -> str | None:
    """Its new path below the folder; None where it stays, or another was quicker. Nothing there is ever replaced."""
    old = folder / path
    new = folder / rules.TAKEN / path
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while new.exists():
            number += 1
            new = new.with_name(f"{old.stem} ({number}){old.suffix}")
        old.rename(new)
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s was taken in, but cannot be moved: %s", old, error)
        return None
    return new.relative_to(folder).as_posix()
