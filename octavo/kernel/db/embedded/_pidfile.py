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
    processes = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]
    return [pid for pid in processes if _is_postgres(pid) and _works_in(pid, cluster, wanted)]


def _is_postgres(pid: int) -> bool:
    try:
        return (_PROC / str(pid) / "comm").read_text() == "postgres\n" and not is_zombie(pid)
    except OSError:
        return False  # it ended while we looked


def _works_in(pid: int, cluster: Path, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat((_PROC / str(pid) / "cwd").stat(), wanted)
    except PermissionError:
        return _seems_to_work_in(pid, cluster)
    except OSError:
        return False


def _seems_to_work_in(pid: int, cluster: Path) -> bool:
    """Where the kernel hides working directories (root in a container), what everybody may see has to do:
    a postmaster names its directory, a backend has that postmaster as its parent, or has lost it.
    """
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        parent = int(_fields(pid)[1])
    except (OSError, IndexError, ValueError):
        return False
    found = read_pid_file(cluster)
    recorded = found.pid if found is not None else 0
    return os.fsencode(cluster) in words or (words[0].startswith(b"postgres: ") and parent in (recorded, 1))


def is_zombie(pid: int) -> bool:
    """Ended, but not yet waited for. In a container whose first process does not reap, it stays so for ever."""
    try:
        return _fields(pid)[0] in "ZX"
    except (OSError, IndexError):
        return False


def _fields(pid: int) -> list[str]:
    """What the kernel says of a process: state, parent, and so on. The name before it may contain anything."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


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
