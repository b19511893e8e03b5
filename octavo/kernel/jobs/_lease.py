"""A worker's lease: one row, renewed every few seconds, on which all that the worker runs depends."""

import os
import socket
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from octavo.kernel import clock
from octavo.kernel.db import Database
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import _claims as claims
from octavo.kernel.jobs.rows import OtherWorker
from octavo.settings import JobsSettings


class Lease:
    """`worker_id` changes when others have taken us for dead: what ran under the old one is lost."""

    def __init__(self, db: Database, settings: JobsSettings, queues: Sequence[str]) -> None:
        self.worker_id = new_id()
        self._db = db
        self._queues = list(queues)
        self._seconds = timedelta(seconds=settings.lease_seconds)
        self._spares_until = 0.0

    async def take(self) -> None:
        now = clock.now()
        await self._db.execute(
            """
            INSERT INTO jobs.worker (id, host, pid, process_started, queues, started_at, lease_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            self.worker_id,
            host_name(),
            os.getpid(),
            process_started(os.getpid()),
            self._queues,
            now,
            now + self._seconds,
        )

    async def renew(self) -> bool:
        """False when others have taken our jobs; we have a new lease then."""
        renewed = await self._db.execute(
            "UPDATE jobs.worker SET lease_until = $2 WHERE id = $1", self.worker_id, clock.now() + self._seconds
        )
        if renewed:
            return True
        self.worker_id = new_id()
        await self.take()
        return False

    async def end(self) -> set[str]:
        """Give back all that is still ours. Returns the queues it went to."""
        queues = await claims.give_back_all(self._db, self.worker_id)
        await self._db.execute("DELETE FROM jobs.worker WHERE id = $1", self.worker_id)
        return queues

    def spare_the_late(self) -> None:
        """The database was away: the others get the time of one lease to renew theirs before they count as dead."""
        self._spares_until = time.monotonic() + self._seconds.total_seconds()

    async def take_from_dead(self) -> set[str]:
        """Free what dead workers held. Returns the queues that have got jobs back.

        Dead is whose lease ran out, unless the late are spared, and at once any worker of this machine whose process
        is gone.
        """
        others = await self._db.fetch(
            OtherWorker,
            "SELECT id, host, pid, process_started, lease_until FROM jobs.worker WHERE id <> $1",
            self.worker_id,
        )
        now, spared = clock.now(), time.monotonic() < self._spares_until
        dead = [other.id for other in others if _is_gone(other) or (other.lease_until < now and not spared)]
        if dead:
            await self._db.execute("DELETE FROM jobs.worker WHERE id = ANY($1)", dead)
        return await claims.take_orphans(self._db)


def host_name() -> str:
    """Names this boot of this machine, and the process namespace in which our process ids mean something."""
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    parts = [socket.gethostname()]
    try:
        parts += [boot.read_text().strip(), os.readlink(namespace)]
    except OSError:
        parts.append("unknown")
    return " ".join(parts)


def process_started(pid: int) -> str:
    """When the process began, in the kernel's own words; empty when there is no such process, or only its zombie."""
    try:
        # The name in parentheses may hold anything, so fields are counted behind it: the state, 18 others, the time.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in b"ZX" else fields[19].decode()


def _is_gone(other: OtherWorker) -> bool:
    """Certain only for a process of this machine; a worker elsewhere is dead when its lease has run out."""
    if not other.process_started or other.host != host_name():
        return False
    return process_started(other.pid) != other.process_started
