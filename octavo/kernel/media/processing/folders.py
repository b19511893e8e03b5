"""The folders that steps work in. Each is locked by its process, so that those of the dead are known and removed."""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from octavo.kernel.blobs import Blobs
from octavo.kernel.media.places import work_folder

_OF_A_STEP = re.compile(r"[0-9a-f]{32}-[0-9a-f]+")


@contextmanager
def folder_of_step(parent: Path, job: str) -> Iterator[Path]:
    """A folder of this run alone, in the place of what an earlier one left when it was killed.

    An earlier one that is only slow to end may still remove its own.
    """
    for left in parent.glob(f"{job}-*"):
        shutil.rmtree(left, ignore_errors=True)
    name = f"{job}-{secrets.token_hex(4)}"
    folder, made = parent / name, parent / f"new-{name}"
    made.mkdir(parents=True)
    lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.rename(folder)  # only now does anybody look at it
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def remove_folders_of_the_dead(blobs: Blobs) -> int:
    """Those that no process of this machine holds. Returns how many."""
    removed = 0
    for folder in [path for path in work_folder(blobs).glob("*-*") if _OF_A_STEP.fullmatch(path.name)]:
        with suppress(OSError):  # held, or just removed by whoever held it
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                removed += 1
            finally:
                os.close(lock)
    return removed
