"""Ending a server: our own child in order, and what an Octavo that was killed has left in the cluster."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from octavo.kernel.db.embedded._pidfile import processes_in, read_pid_file
from octavo.kernel.db.embedded._reasons import CannotStart, NoLongerWanted

_FAST_STOP_SECONDS = 6.0
_LEFTOVER_SECONDS = 20.0
_ORPHAN_SECONDS = 2.0


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown; SIGQUIT leaves the rest to crash recovery, and loses nothing either."""
    patience = _FAST_STOP_SECONDS
    for sig in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sig)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            patience = 2.0


def end_leftovers(cluster: Path, sockets: Path, wanted: Callable[[], bool] = lambda: True) -> None:
    """Call with the lock of the data directory held: whatever still works in the cluster then has lost its Octavo.

    Only when none is left do the pid files go: deleting it under a live server would let two write the same files.
    """
    started = time.monotonic()
    while living := processes_in(cluster):
        if not wanted():
            raise NoLongerWanted(f"The database in {cluster} was asked to stop before it was started.")
        elapsed = time.monotonic() - started
        if elapsed > _LEFTOVER_SECONDS:
            raise CannotStart(
                f"A database server (process {living[0]}) still works in {cluster} and does not end. "
                "End it, then start again."
            )
        _ask_to_end(cluster, living, elapsed)
        time.sleep(0.05)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    # Its lock names a process too, and PostgreSQL believes that one as well.
    (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _ask_to_end(cluster: Path, living: list[int], elapsed: float) -> None:
    """A living postmaster ends its backends itself; backends whose postmaster was killed have nobody but us."""
    found = read_pid_file(cluster)
    if found is not None and found.pid in living:
        _tell(found.pid, signal.SIGINT if elapsed < _FAST_STOP_SECONDS else signal.SIGQUIT)
        return
    for pid in living:
        _tell(pid, signal.SIGQUIT if elapsed < _ORPHAN_SECONDS else signal.SIGKILL)


def _tell(pid: int, sig: signal.Signals) -> None:
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        pass
