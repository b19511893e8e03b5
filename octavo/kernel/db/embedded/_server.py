"""The embedded server: started as our own child, watched by the process that started it, stopped with it."""

import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

from octavo.kernel.db.embedded._cluster import DATABASE, USER, make_cluster, quiet_environment
from octavo.kernel.db.embedded._configuration import write_configuration
from octavo.kernel.db.embedded._ending import end, end_leftovers
from octavo.kernel.db.embedded._pidfile import processes_in, read_pid_file
from octavo.kernel.db.embedded._program import ending_with_parent, identity, program
from octavo.kernel.db.embedded._reasons import (
    AlreadyRunning,
    CannotStart,
    NoLongerWanted,
    explain,
    explain_os_error,
)
from octavo.kernel.db.embedded._socket import make_socket_directory, remove_short_directory, socket_place
from octavo.settings import DbSettings

_POLL = 0.01
_LOCK_SECONDS = 2.0


class EmbeddedServer:
    """PostgreSQL in `data_dir`/postgres. `start` and `stop` are plain functions: no event loop is needed.

    Start it from the main thread: the parent-death signal follows the thread that forked. One server per data
    directory is ensured by a lock that the kernel gives back however this process ends.
    """

    def __init__(
        self, data_dir: Path, settings: DbSettings | None = None, *, configuration: Mapping[str, str] | None = None
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings or DbSettings()
        self._configuration = configuration or {}
        self._lock: IO[bytes] | None = None

    def start(self, wanted: Callable[[], bool] = lambda: True) -> str:
        """Start, wait until it answers, and return the URL. Makes the database first where there is none.

        Call it again when the server has died: crash recovery follows, which may take long; `wanted` is asked again
        and again whether to go on. Raises CannotStart with a sentence, AlreadyRunning, or NoLongerWanted.
        """
        if self.alive():
            return self.url
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._take_lock()
            make_cluster(self.cluster)
            sockets = make_socket_directory(self.data_dir)
            end_leftovers(self.cluster, sockets, wanted)
            write_configuration(self.cluster, sockets, self._settings, self._configuration)
            self._launch()
            self._wait_until_ready(wanted)
        except OSError as error:
            self.stop()
            raise explain_os_error(self.data_dir, error) from error
        except BaseException:
            self.stop()
            raise
        return self.url

    @property
    def url(self) -> str:
        return url_at(socket_place(self.data_dir))

    def alive(self) -> bool:
        """Whether the server that `start` started is still running."""
        return self.process is not None and self.process.poll() is None

    def running_url(self) -> str | None:
        """The URL of a server that some other Octavo runs in this data directory and that is ready; None without."""
        found = read_pid_file(self.cluster)
        if found is None or found.status != "ready" or found.pid not in processes_in(self.cluster):
            return None
        return self.url

    def stop(self) -> None:
        """Shut down cleanly: connections are closed, everything is written. Does nothing when it is not running."""
        process, self.process = self.process, None
        if process is not None:
            end(process)
        if self._lock is not None:
            remove_short_directory(self.data_dir)
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = (self.data_dir / "postgres.lock").open("ab")
        give_up_at = time.monotonic() + _LOCK_SECONDS
        while not _locked(lock):
            if time.monotonic() > give_up_at:
                lock.close()
                raise AlreadyRunning(
                    f"Octavo is already running in {self.data_dir}. Stop it first, or choose another --data directory."
                )
            time.sleep(_POLL)
        self._lock = lock
        # A forked worker would keep the lock of a supervisor that was killed.
        os.register_at_fork(after_in_child=lock.close)

    def _launch(self) -> None:
        command = [*identity().prefix, *ending_with_parent(), str(program("postgres")), "-D", str(self.cluster)]
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.previous"))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cluster,
                env=quiet_environment(),
                # Ctrl-C in a terminal reaches the supervisor alone, which ends its children in order.
                start_new_session=True,
            )

    def _wait_until_ready(self, wanted: Callable[[], bool]) -> None:
        assert self.process is not None
        give_up_at = time.monotonic() + self._settings.server_start_timeout
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                self.process = None
                raise explain(self.cluster, self.log.read_text(errors="replace"))
            if not wanted():
                raise NoLongerWanted(f"The database in {self.cluster} was asked to stop before it was ready.")
            found = read_pid_file(self.cluster)
            if found is not None and found.pid == self.process.pid and found.status == "ready":
                return
            time.sleep(_POLL)
        raise CannotStart(
            f"The database in {self.cluster} was not ready after {self._settings.server_start_timeout:.0f} seconds. "
            f"It writes what it does to {self.log}."
        )


def url_at(sockets: Path) -> str:
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(sockets), safe='')}&port=5432"


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
