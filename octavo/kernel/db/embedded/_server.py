"""The embedded server: started as our own child, watched by the process that started it, stopped with it."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

from octavo.kernel.db.embedded._cluster import DATABASE, USER, make_cluster, quiet_environment
from octavo.kernel.db.embedded._configuration import write_configuration
from octavo.kernel.db.embedded._pidfile import processes_in, read_pid_file
from octavo.kernel.db.embedded._program import as_ordinary_user, ending_with_parent, program
from octavo.kernel.db.embedded._reasons import AlreadyRunning, CannotStart, explain, explain_os_error
from octavo.kernel.db.embedded._socket import remove_short_directory, socket_directory
from octavo.settings import DbSettings

_POLL = 0.01
_FAST_STOP_SECONDS = 6.0
_LEFTOVER_SECONDS = 20.0


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
        self._sockets: Path | None = None

    def start(self) -> str:
        """Start, wait until it answers, and return the URL. Makes the database first where there is none.

        Raises CannotStart with a sentence, or AlreadyRunning.
        """
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._take_lock()
            make_cluster(self.cluster)
            self._end_leftovers()
            self._sockets = socket_directory(self.data_dir)
            write_configuration(self.cluster, self._sockets, self._settings, self._configuration)
            self._launch()
            self._wait_until_ready()
        except OSError as error:
            self.stop()
            raise explain_os_error(self.data_dir, error) from error
        except BaseException:
            self.stop()
            raise
        return self.url

    def alive(self) -> bool:
        """Whether the server that `start` started still runs. After a crash `start` may be called again."""
        return self.process is not None and self.process.poll() is None

    def running_url(self) -> str | None:
        """The URL of a server that another process runs on this data directory now, or None."""
        found = read_pid_file(self.cluster) if self.cluster.exists() else None
        if found is None or found.status != "ready" or found.pid not in processes_in(self.cluster):
            return None
        self._sockets = socket_directory(self.data_dir)
        return self.url

    @property
    def url(self) -> str:
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{USER}@/{DATABASE}?host={host}&port=5432"

    def stop(self) -> None:
        """Shut down cleanly: connections are closed, everything is written. Does nothing when it is not running."""
        process, self.process = self.process, None
        if process is not None:
            _end(process, _FAST_STOP_SECONDS)
        if self._sockets is not None:
            remove_short_directory(self.data_dir, self._sockets)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        if self._lock is not None:  # started again after a crash
            return
        lock = (self.data_dir / "postgres.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(
                f"Octavo is already running in {self.data_dir}. Stop it first, or choose another --data directory."
            ) from None
        self._lock = lock

    def _end_leftovers(self) -> None:
        """Nobody else holds the lock, so whatever still works in the cluster lost its Octavo and is ending or stuck.

        Only when none is left may the pid file go: deleting it under a live server would let two write the same files.
        """
        give_up_at = time.monotonic() + _LEFTOVER_SECONDS
        while living := processes_in(self.cluster):
            elapsed = _LEFTOVER_SECONDS - (give_up_at - time.monotonic())
            if elapsed > _LEFTOVER_SECONDS:
                raise CannotStart(
                    f"A database server (process {living[0]}) still works in {self.cluster} and does not end. "
                    "End it, then start again."
                )
            # It was told to stop by the kernel when its parent died. If that takes long, it is told more plainly.
            for pid in living:
                _tell(pid, signal.SIGINT if elapsed < _LEFTOVER_SECONDS / 2 else signal.SIGQUIT)
            time.sleep(0.1)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self) -> None:
        command = [*as_ordinary_user(), *ending_with_parent(), str(program("postgres")), "-D", str(self.cluster)]
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

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        give_up_at = time.monotonic() + self._settings.server_start_timeout
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                self.process = None
                raise explain(self.cluster, self.log.read_text(errors="replace"))
            found = read_pid_file(self.cluster)
            if found is not None and found.pid == self.process.pid and found.status == "ready":
                return
            time.sleep(_POLL)
        raise CannotStart(
            f"The database in {self.cluster} was not ready after {self._settings.server_start_timeout:.0f} seconds. "
            f"It writes what it does to {self.log}."
        )


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    """SIGINT is PostgreSQL's fast shutdown; SIGQUIT leaves the rest to crash recovery, and loses nothing either."""
    for sig in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sig)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            patience = 2.0


def _tell(pid: int, sig: signal.Signals) -> None:
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        pass
