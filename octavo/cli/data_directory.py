"""The data directory belongs to one `octavo up` at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 10.0  # seconds; what a killed predecessor's processes need to end


class DataDirectoryInUse(Exception):
    """Another Octavo runs on it."""


@contextmanager
def held_data_directory(folder: Path) -> Iterator[None]:
    """Hold the folder for this process and its forks, made private to its owner. Raises DataDirectoryInUse."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(folder / "octavo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DataDirectoryInUse(f"The data directory {folder} cannot be written: {error.strerror}.") from None
    try:
        _wait_for(lock, folder)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(lock)


def _wait_for(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 32, 0).decode().strip()
            if _alive(holder) or time.monotonic() > deadline:
                raise DataDirectoryInUse(
                    f"Octavo already runs on {folder} (process {holder}). "
                    "Stop it first, or choose another folder with --data."
                ) from None
        time.sleep(0.05)


def _alive(pid: str) -> bool:
    """Whether the process that said it holds the folder is still there; its forks may outlive it for a moment."""
    if not pid.isdigit():
        return False
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:  # it ended before the look at it, or during that
        return False
