"""Who really works in a cluster: what postmaster.pid says is believed only where the process table agrees."""

import os
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")


class PidFile(NamedTuple):
    pid: int
    status: str  # "starting", "ready", "stopping", or "" before the server wrote one


def read_pid_file(cluster: Path) -> PidFile | None:
    """What the file says now; None without a file, or while it is being written."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        # Line 8 of the file (miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
        return PidFile(int(lines[0]), lines[7].strip() if len(lines) > 7 else "")
    except (OSError, ValueError, IndexError):
        return None


def processes_in(cluster: Path) -> list[int]:
    """Living processes of a server on `cluster`: the postmaster and its backends, which outlive a killed one briefly.

    PostgreSQL makes the cluster its working directory. A zombie works nowhere, and a stranger under the recorded pid
    (same user, other program) works elsewhere; PostgreSQL itself would believe both to be a running server.
    """
    if not _PROC.is_dir():
        return _postmaster_elsewhere(cluster)
    try:
        wanted = cluster.stat()
    except OSError:
        return []
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal() and _works_in(entry, wanted)]


def _works_in(process: Path, wanted: os.stat_result) -> bool:
    try:
        if (process / "comm").read_text().strip() != "postgres" or is_zombie(int(process.name)):
            return False
        return os.path.samestat((process / "cwd").stat(), wanted)
    except OSError:
        return False  # it ended while we looked, or belongs to somebody else


def is_zombie(pid: int) -> bool:
    """Ended, but not yet waited for. In a container whose first process does not reap, it stays so for ever."""
    try:
        # The state follows the parenthesised name, which may itself contain anything.
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (OSError, IndexError):
        return False


def _postmaster_elsewhere(cluster: Path) -> list[int]:
    """Without /proc (macOS) there is only the recorded pid and whether anything lives under it."""
    found = read_pid_file(cluster)
    if found is None:
        return []
    try:
        os.kill(found.pid, 0)
    except ProcessLookupError:
        return []
    except PermissionError:
        pass
    return [found.pid]
