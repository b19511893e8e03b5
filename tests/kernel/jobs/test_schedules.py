"""Schedules: each occasion is enqueued once, by one of however many processes, and never run on the spot."""

import asyncio
from datetime import timedelta

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.jobs import Run, Schedule, Scheduler, enqueue, job
from tests.kernel.jobs.working import Nothing, all_jobs, until, with_settings


@job("test.sweep")
async def sweep(run: Run, args: Nothing) -> None:
    raise AssertionError("a schedule only enqueues")


HOURLY = Schedule("test.hourly", every=timedelta(hours=1), job=sweep, args=Nothing())


async def enqueue_due(engines: Engines, schedule: Schedule = HOURLY) -> None:
    await Scheduler(engines, [schedule])._enqueue_due()


async def test_what_is_due_is_enqueued_once_by_however_many_schedulers(engines: Engines) -> None:
    await asyncio.gather(*(enqueue_due(engines) for _ in range(4)))
    await enqueue_due(engines)
    assert [waiting.name for waiting in await all_jobs(engines)] == ["test.sweep"]


async def test_the_next_one_comes_when_its_time_has_come_and_the_last_one_has_begun(engines: Engines) -> None:
    await enqueue_due(engines)
    await engines.db.main.execute("UPDATE jobs.schedule SET next_at = $1", now() - timedelta(seconds=1))
    await enqueue_due(engines)
    assert len(await all_jobs(engines)) == 1
    await engines.db.main.execute("DELETE FROM jobs.job /* fanout */")
    await engines.db.main.execute("UPDATE jobs.schedule SET next_at = $1", now() - timedelta(seconds=1))
    await enqueue_due(engines)
    assert len(await all_jobs(engines)) == 1


async def test_a_shortened_interval_holds_from_now_on(engines: Engines) -> None:
    await enqueue_due(engines)
    await engines.db.main.execute("DELETE FROM jobs.job /* fanout */")
    await enqueue_due(engines, Schedule("test.hourly", every=timedelta(minutes=1), job=sweep, args=Nothing()))
    assert len(await all_jobs(engines)) == 1


async def test_a_machine_whose_clock_is_a_little_behind_enqueues_nothing_twice(engines: Engines) -> None:
    await enqueue_due(engines)
    await engines.db.main.execute("DELETE FROM jobs.job /* fanout */")
    await engines.db.main.execute("UPDATE jobs.schedule SET next_at = next_at + $1", timedelta(seconds=4))
    await enqueue_due(engines)
    assert await all_jobs(engines) == []


async def test_the_scheduler_runs_until_told_and_ends_at_once(engines: Engines) -> None:
    stopping, rarely = asyncio.Event(), with_settings(engines, poll_seconds=3600.0)
    running = asyncio.create_task(Scheduler(rarely, [HOURLY]).run(stopping))
    await until(lambda: has_one(engines))
    stopping.set()
    await asyncio.wait_for(running, 60)


async def test_dead_jobs_are_kept_for_a_while_and_not_for_ever(engines: Engines) -> None:
    async with engines.db.main.transaction() as tx:
        for _ in range(3):
            await enqueue(tx, sweep, Nothing())
    days = engines.settings.jobs.dead_days
    await engines.db.main.execute("UPDATE jobs.job SET state = 'dead', started_at = $1 /* fanout */", now())
    await engines.db.main.execute(
        "UPDATE jobs.job SET started_at = $1 /* fanout */ WHERE id = (SELECT id FROM jobs.job LIMIT 1)",
        now() - timedelta(days=days + 1),
    )
    await Scheduler(engines, [])._keep_house()
    assert len(await all_jobs(engines)) == 2


async def has_one(engines: Engines) -> bool:
    return len(await all_jobs(engines)) == 1
