"""What the tests of jobs share: a worker that runs for the length of a block, and jobs that leave a trace."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.db import Queryable
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import Job, Worker
from octavo.kernel.jobs.queries import listed_jobs
from octavo.kernel.jobs.rows import ListedJob

# A heart that beats once, at the start: what else comes to pass, no later beat has brought about.
ONE_BEAT = {"heartbeat_seconds": 3600.0, "lease_seconds": 7200.0}


class Number(msgspec.Struct, frozen=True):
    n: int = 0


class Nothing(msgspec.Struct, frozen=True):
    pass


@asynccontextmanager
async def working(
    engines: Engines,
    jobs: Sequence[Job],
    *,
    queues: Sequence[str] = ("default",),
    slots: Mapping[str, int] | None = None,
    **settings: float,
) -> AsyncIterator[Worker]:
    """A worker inside this process; stopped at the end, in bounded time. Polls are short: retries wait for them."""
    stopping = asyncio.Event()
    worker = Worker(with_settings(engines, **{"poll_seconds": 0.1, **settings}), jobs, queues, slots or {})
    task = asyncio.create_task(worker.run(stopping))
    try:
        yield worker
    finally:
        stopping.set()
        await asyncio.wait_for(task, 60)


def with_settings(engines: Engines, **changes: float) -> Engines:
    jobs = msgspec.structs.replace(engines.settings.jobs, **changes)
    return replace(engines, settings=msgspec.structs.replace(engines.settings, jobs=jobs))


async def until(is_so: Callable[[], bool | Awaitable[bool]], *, within: float = 60) -> None:
    """Wait for something to become true; AssertionError when it does not."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        found = is_so()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"Still not so after {within} s")


async def all_jobs(engines: Engines) -> list[ListedJob]:
    return await listed_jobs(engines.db.main, states=("waiting", "running", "dead"))


async def no_jobs(engines: Engines) -> bool:
    return not await all_jobs(engines)


async def put_in_the_past(engines: Engines) -> None:
    """What waits for a retry is due now, so that tests need not wait for it."""
    await engines.db.main.execute("UPDATE jobs.job SET due = $1 WHERE state = 'waiting' /* fanout */", now())


async def a_worker(
    db: Queryable, lease_until: datetime, *, host: str = "elsewhere", pid: int = 1, process_started: str = ""
) -> UUID:
    """The row of a worker that this process knows nothing else of."""
    worker_id = new_id()
    await db.execute(
        """
        INSERT INTO jobs.worker (id, host, pid, process_started, queues, started_at, lease_until)
        VALUES ($1, $2, $3, $4, '{default}', $5, $6)
        """,
        worker_id,
        host,
        pid,
        process_started,
        now(),
        lease_until,
    )
    return worker_id
