"""One embedded server per test run, shared by all test processes, gone when the last of them is: even after kill -9.

A holder process owns the server. Every test process holds a shared file lock for as long as it lives; the holder waits
for the exclusive one, which the kernel grants when no test process is left, whatever became of it.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

START_SECONDS = 60
NEEDED_BYTES = 2 << 30
# A test database may vanish with the machine; what it need not do is wait for the disk.
CONFIGURATION = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "300",
}


def locked(path: Path, kind: int) -> IO[bytes]:
    """An open, locked file; closing it, or dying, gives the lock back. The last holder removes the file."""
    while True:
        file = path.open("ab")
        fcntl.flock(file, kind)
        try:
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except FileNotFoundError:
            pass
        file.close()  # its last holder removed it while we waited


def quickest_folder() -> Path:
    """In memory where there is room: cloning a database is making 300 files, 10 ms there and 400 ms on some disks."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > NEEDED_BYTES:
        return memory
    return Path(tempfile.gettempdir())


class SharedServer:
    """This process's share in the server of its test run, taken at the first use."""

    def __init__(self, run_id: str) -> None:
        self.directory = quickest_folder() / f"octavo-tests-{os.geteuid()}-{run_id[:16]}"
        self._share: IO[bytes] | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """The server's URL, naming its first database."""
        self.joined()
        return self._url

    def joined(self) -> Path:
        """The run's own directory, with the server running."""
        if self._share is None:
            self._join()
        return self.directory

    def _join(self) -> None:
        # Joining happens one at a time, so that only one process finds the server missing.
        with locked(self.directory.with_suffix(".joining"), fcntl.LOCK_EX):
            self._share = locked(self.directory.with_suffix(".users"), fcntl.LOCK_SH)
            self.directory.mkdir(mode=0o700, exist_ok=True)
            address = self.directory / "url"
            if not address.exists():
                self._start_holder()
            self._url = address.read_text()

    def _start_holder(self) -> None:
        holder = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.holder", str(self.directory)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.directory / "holder.log").open("wb"),
            start_new_session=True,
        )
        give_up_at = time.monotonic() + START_SECONDS
        while not (self.directory / "url").exists():
            if holder.poll() is not None or time.monotonic() > give_up_at:
                said = (self.directory / "holder.log").read_text()
                shutil.rmtree(self.directory, ignore_errors=True)
                raise RuntimeError(f"The test server did not start: {said}")
            time.sleep(0.02)
