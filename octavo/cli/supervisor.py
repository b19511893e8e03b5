"""The supervisor: serves nothing, starts PostgreSQL and the processes that do the work, and starts again what dies."""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from octavo.kernel.db import CannotStart, EmbeddedServer, NoLongerWanted
from octavo.kernel.processes import die_with_parent, name_process

GRACE = 8.0  # seconds a process has to end by itself; with PostgreSQL's own end, all is over within 10
SLOWEST_RESTART = 5.0
SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)


class NotReady(Exception):
    """A process did not come up."""


@dataclass(slots=True)
class Child:
    """One forked process. `work` runs in it and calls the function it is given once it is ready to be used."""

    name: str
    work: Callable[[Callable[[], None]], None]
    pid: int = 0
    failures: int = 0
    restart_at: float = 0.0
    started_at: float = 0.0
    ready: bool = field(default=False)


class Supervisor:
    """Runs children until a signal asks it to stop. Use it from the main thread only: a parent-death signal follows
    the forking thread, and a fork is only safe while there is no other.
    """

    def __init__(self, children: Sequence[Child], postgres: EmbeddedServer | None) -> None:
        self.children = children
        self.postgres = postgres
        self.stopping = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._ready_read, self._ready_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def start(self, *, within: float, asked: Callable[[], bool] = lambda: False) -> None:
        """Start every child and return when all are ready, or a signal came: `asked` tells of one that came earlier.

        Raises NotReady when they are not, `within` seconds.
        """
        signal.set_wakeup_fd(self._wake_write)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        if asked():
            self.stopping = True
        for child in self.children:
            if not self.stopping:
                self._fork(child)
        deadline = time.monotonic() + within
        while not all(child.ready for child in self.children) and not self.stopping:
            if time.monotonic() > deadline:
                late = ", ".join(child.name for child in self.children if not child.ready)
                raise NotReady(f"Not ready after {within:.0f} seconds: {late}. The lines above may say why.")
            self._turn(0.05)

    def run(self) -> None:
        while not self.stopping:
            self._turn(1.0)

    def stop(self) -> None:
        """End the children, then PostgreSQL: everything within 10 seconds."""
        self.stopping = True
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.pid for child in self.children) and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for child in self.children:
            if child.pid:
                say(f"{child.name} did not end within {GRACE:.0f} seconds and is killed")
        self._signal_all(signal.SIGKILL)
        for child in self.children:
            if child.pid:
                os.waitpid(child.pid, 0)
        if self.postgres:
            self.postgres.stop()

    def _turn(self, longest: float) -> None:
        """Wait for something to happen, then see to whatever has died or become ready."""
        readable, _, _ = select.select([self._wake_read, self._ready_read], [], [], min(longest, self._next_restart()))
        for pipe in readable:
            self._drain(pipe)
        self._reap()
        if self.stopping:
            return
        if self.postgres and not self.postgres.alive():
            self._restart_postgres(self.postgres)
        for child in self.children:
            if not child.pid and not self.stopping and time.monotonic() >= child.restart_at:
                self._fork(child)

    def _restart_postgres(self, postgres: EmbeddedServer) -> None:
        say("PostgreSQL ended; starting it again")
        try:
            postgres.start(wanted=lambda: not self.stopping)  # after a crash this may take long
        except NoLongerWanted:
            pass
        except CannotStart as failure:
            say(f"{failure} Trying again.")

    def _fork(self, child: Child) -> None:
        child.ready = False
        child.started_at = time.monotonic()
        sys.stdout.flush()
        sys.stderr.flush()
        die = die_with_parent(signal.SIGKILL)  # made before the fork: it remembers who the parent is
        # Whoever is asked to end as soon as it is there would hear it with our ears, and go on.
        unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            child.pid = os.fork()
            if not child.pid:
                self._be(child, die, unblocked)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)

    def _be(self, child: Child, die: Callable[[], None], unblocked: set[int | signal.Signals]) -> NoReturn:
        """In the new process."""
        status = 1
        try:
            os.setpgid(0, 0)  # Ctrl-C in a terminal reaches the supervisor alone, which ends the rest in order
            die()
            name_process(f"octavo-{child.name}")
            signal.set_wakeup_fd(-1)
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
            child.work(lambda: self._say_ready(child))
            status = 0
        except KeyboardInterrupt:
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _say_ready(self, child: Child) -> None:
        os.write(self._ready_write, bytes([self.children.index(child)]))

    def _drain(self, pipe: int) -> None:
        with suppress(BlockingIOError):
            said = os.read(pipe, 4096)
            if pipe == self._ready_read:
                for index in said:
                    self.children[index].ready = True

    def _reap(self) -> None:
        for child in self.children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                child.pid = 0
                if not self.stopping:
                    self._plan_restart(child, status)

    def _plan_restart(self, child: Child, status: int) -> None:
        lived = time.monotonic() - child.started_at
        child.failures = 0 if lived > 30 else child.failures + 1
        pause = min(SLOWEST_RESTART, 0.1 * 2**child.failures)
        child.restart_at = time.monotonic() + pause
        code = os.waitstatus_to_exitcode(status)
        say(f"{child.name} ended with {code}; starting it again in {pause:.1f} s")

    def _next_restart(self) -> float:
        waiting = [child.restart_at - time.monotonic() for child in self.children if not child.pid]
        return max(0.0, min(waiting, default=60.0))

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self.children:
            if child.pid:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, number)

    def _asked_to_stop(self, *_: object) -> None:
        self.stopping = True


def say(words: str) -> None:
    print(f"octavo: {words}", file=sys.stderr, flush=True)
