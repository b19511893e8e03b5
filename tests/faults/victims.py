"""Whom a fault strikes: each process of a running Octavo, found below its supervisor and killed with kill -9."""

import time
from contextlib import suppress

import psutil

from tests.harness.running import RunningOctavo

VICTIMS = ("web", "worker", "media", "postgres", "ffmpeg", "supervisor")
PATIENCE = 20.0


def kill(running: RunningOctavo, victim: str) -> None:
    """kill -9 of one process. An ffmpeg is waited for; where none comes any more, the film was quicker.

    A `backend` is a process in which PostgreSQL serves one connection; when it dies, all others are cut off.
    """
    if victim == "supervisor":
        running.kill()
    else:
        # What is found may end by itself before it is struck; then another is looked for.
        while (process := find(running, victim)) is not None:
            with suppress(psutil.NoSuchProcess):
                process.kill()
                return


def find(running: RunningOctavo, victim: str) -> psutil.Process | None:
    """The process, once there is one."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for process in below(running.pid):
            with suppress(psutil.NoSuchProcess):
                if is_victim(process, victim, running.pid):
                    return process
        time.sleep(0.01)
    return None


def below(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_victim(process: psutil.Process, victim: str, supervisor: int) -> bool:
    name = process.name()
    if victim == "ffmpeg":
        return name.startswith("ffmpeg")
    if victim == "backend":
        return " ".join(process.cmdline()).startswith("postgres: octavo")
    wanted = "postgres" if victim == "postgres" else f"octavo-{victim}"
    return name == wanted and process.ppid() == supervisor


def strays(running: RunningOctavo) -> list[str]:
    """What still works on this data directory, by command line; there may be a moment between a death and its end."""
    deadline = time.monotonic() + 60
    while found := _working_on(str(running.data_dir)):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return found


def _working_on(folder: str) -> list[str]:
    lines = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            line = " ".join(process.cmdline())
            if folder in line and process.status() != psutil.STATUS_ZOMBIE:
                lines.append(line)
    return lines
