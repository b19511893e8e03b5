"""Leases: what a worker holds comes back, whatever was lost on the way."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import Run, Worker, enqueue, job
from octavo.kernel.jobs import _claims as claims
from octavo.kernel.jobs._lease import host_name, process_started
from tests.kernel.jobs.working import ONE_BEAT, Nothing, Number, a_worker, all_jobs, no_jobs, until, working


@job("test.any")
async def any_job(run: Run, args: Number) -> None:
    pass


async def put(engines: Engines, *, key: str | None = None) -> None:
    async with engines.db.main.transaction() as tx:
        await enqueue(tx, any_job, Number(), key=key)


async def test_a_job_whose_worker_has_no_row_any_more_is_free_at_once(engines: Engines) -> None:
    await put(engines)
    await claims.claim(engines.db.main, "default", ["test.any"], 1, worker_id=new_id(), now=now())
    async with working(engines, [any_job], **ONE_BEAT):
        await until(lambda: no_jobs(engines))


async def test_a_worker_whose_lease_ran_out_is_dead(engines: Engines) -> None:
    await put(engines)
    gone = await a_worker(engines.db.main, now() - timedelta(seconds=1))
    await claims.claim(engines.db.main, "default", ["test.any"], 1, worker_id=gone, now=now())
    async with working(engines, [any_job], **ONE_BEAT):
        await until(lambda: no_jobs(engines))


async def test_after_an_outage_only_those_without_a_process_are_dead_at_once(engines: Engines) -> None:
    async with working(engines, [any_job], heartbeat_seconds=0.05, lease_seconds=3600) as worker:
        await until(lambda: has_lease(engines))
        async with outage(engines) as tx:
            late = await a_worker(tx, now() - timedelta(seconds=1))
            await a_worker(tx, now(), host=host_name(), pid=os.getpid(), process_started="long ago")
        for _ in range(3):
            await next_beat(engines, worker)
        assert set(await engines.db.main.column("SELECT id FROM jobs.worker")) == {worker.lease.worker_id, late}


async def test_a_lease_after_an_outage_those_who_are_still_late_are_dead(engines: Engines) -> None:
    async with working(engines, [any_job], heartbeat_seconds=0.05, lease_seconds=0.5):
        await until(lambda: has_lease(engines))
        async with outage(engines) as tx:
            late = await a_worker(tx, now() - timedelta(seconds=1))
        await until(lambda: is_no_worker(engines, late))


def test_a_process_is_known_though_its_name_is_no_text(tmp_path: Path) -> None:
    program = tmp_path / os.fsdecode(b"\xff")
    program.symlink_to(shutil.which("sleep") or "")
    with subprocess.Popen(["sleep", "60"], executable=program) as process:
        started = process_started(process.pid)
        process.kill()
    assert started.isdigit()
    assert process_started(process.pid) == ""


async def test_the_last_start_of_a_job_is_its_last_though_nobody_says_how_it_ended(engines: Engines) -> None:
    await put(engines)
    for _ in range(any_job.max_starts):
        claimed = await take_any(engines)
        assert len(claimed) == 1
        await claims.take_orphans(engines.db.main)
    (dead,) = await all_jobs(engines)
    assert (dead.state, dead.starts) == ("dead", any_job.max_starts)


async def take_any(engines: Engines) -> list[claims.ClaimedJob]:
    return [
        *await claims.claim(engines.db.main, "default", ["test.any"], 1, worker_id=new_id(), now=now()),
        *await claims.claim(engines.db.main, "default", ["test.any"], 1, worker_id=new_id(), now=now(), suspect=True),
    ]


async def test_orphans_of_one_key_become_one_job(engines: Engines) -> None:
    for _ in range(3):
        await put(engines, key="a")
        await take_any(engines)
    await put(engines, key="a")
    await claims.take_orphans(engines.db.main)
    assert [found.starts for found in await all_jobs(engines)] == [0]


async def test_what_was_claimed_without_our_knowing_goes_back(engines: Engines) -> None:
    """The answer to a claim can be lost with the connection; the rows must not stay running for ever."""
    await put(engines)
    async with working(engines, [any_job], queues=["other"]) as worker:
        await until(lambda: has_lease(engines))
        await claims.claim(engines.db.main, "default", ["test.any"], 1, worker_id=worker.lease.worker_id, now=now())
        await engines.db.main.execute("UPDATE jobs.job SET started_at = $1 /* fanout */", now() - timedelta(minutes=1))
        await worker._give_back_forgotten()
        (waiting,) = await all_jobs(engines)
        assert (waiting.state, waiting.starts) == ("waiting", 0)


async def test_a_worker_taken_for_dead_loses_its_runs_and_works_on(engines: Engines) -> None:
    begun: list[int] = []
    lost = asyncio.Event()

    @job("test.long")
    async def long(run: Run, args: Nothing) -> None:
        begun.append(run.starts)
        if run.starts == 2:
            await run.lost.wait()
            lost.set()
            run.check()

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, long, Nothing())
    await claims.claim(engines.db.main, "default", ["test.long"], 1, worker_id=new_id(), now=now())
    async with working(engines, [long], **ONE_BEAT) as worker:
        await until(lambda: begun == [2])  # freed by the one beat, which is over
        await engines.db.main.execute("DELETE FROM jobs.worker")
        await beat(worker)
        await asyncio.wait_for(lost.wait(), 60)
        await until(lambda: no_jobs(engines))
    assert begun == [2, 3]


async def beat(worker: Worker) -> None:
    """What the next beat of the worker's heart finds, without the seconds until then."""
    assert not await worker.lease.renew()
    for queue in worker._queues:
        queue.lose_all()
    for name in await worker.lease.take_from_dead():
        worker._wake(name)


@asynccontextmanager
async def outage(engines: Engines) -> AsyncIterator[Transaction]:
    """A beat of a heart finds no database; what the block writes is there when it comes back."""
    async with engines.db.main.transaction() as tx:
        await tx.execute("LOCK TABLE jobs.worker IN ACCESS EXCLUSIVE MODE")

        async def cut_off() -> bool:
            return bool(
                await tx.value(
                    """
                    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks JOIN pg_database ON oid = database
                    WHERE datname = current_database() AND relation = 'jobs.worker'::regclass AND NOT granted
                    """
                )
            )

        await until(cut_off)
        yield tx


async def next_beat(engines: Engines, worker: Worker) -> None:
    before = await lease_until(engines, worker)

    async def has_beaten() -> bool:
        return await lease_until(engines, worker) != before

    await until(has_beaten)


async def lease_until(engines: Engines, worker: Worker) -> datetime:
    found = await engines.db.main.value("SELECT lease_until FROM jobs.worker WHERE id = $1", worker.lease.worker_id)
    assert isinstance(found, datetime)
    return found


async def is_no_worker(engines: Engines, worker_id: UUID) -> bool:
    return not await engines.db.main.value("SELECT count(*) FROM jobs.worker WHERE id = $1", worker_id)


async def has_lease(engines: Engines) -> bool:
    return bool(await engines.db.main.value("SELECT count(*) FROM jobs.worker"))
