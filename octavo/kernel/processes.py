"""What a child process is told as it begins: to die with its parent, what it may take of the machine, and its name."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
# Loaded before any fork: dlopen between fork and exec could deadlock in a process with threads.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(sig: int = signal.SIGKILL) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `sig` to the child when its parent ends, however it ends. Linux only.

    The signal follows the *thread* that forked, so start children from a thread that lives as long as they should.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(sig))
        if os.getppid() != parent:
            # The parent died before the request was in place; nobody would ever send the signal.
            os.kill(os.getpid(), sig)

    return ask_kernel


def name_process(name: str) -> None:
    """How `ps` and `top` call this process, up to 15 bytes. Linux only."""
    if _libc is not None:
        _libc.prctl(_PR_SET_NAME, name.encode()[:15])


def at_idle_priority() -> Callable[[], None]:
    """A `preexec_fn`: the child runs only when nothing else wants the processor (SCHED_IDLE, elsewhere nice 19)."""

    def lower() -> None:
        if sys.platform == "linux":
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.nice(19)

    return lower


def out_of_memory_first() -> Callable[[], None]:
    """A `preexec_fn`: when memory runs out, the kernel ends this child and not PostgreSQL or its parent. Linux only.

    For programs that read what strangers have sent: how much memory they take is up to the strangers.
    """

    def offer() -> None:
        with suppress(OSError):  # no such file outside Linux
            score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
            os.write(score, b"1000")
            os.close(score)

    return offer


def before_exec(*steps: Callable[[], None]) -> Callable[[], None]:
    """Several `preexec_fn`s as one, run in order."""

    def run() -> None:
        for step in steps:
            step()

    return run
