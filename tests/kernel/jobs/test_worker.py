"""The worker: runs what is due, in order, soon, again when it failed, and not for ever."""

import asyncio
import time
from datetime import timedelta

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import Job, LeaseLost, Run, Worker, cancel_jobs, enqueue, enqueue_many, job
from octavo.kernel.jobs import _claims as claims
from tests.kernel.jobs.working import ONE_BEAT, Nothing, Number, a_worker, all_jobs, no_jobs, until, working


def counting(seen: list[int], **options: object) -> Job:
    @job("test.count", **options)  # type: ignore[arg-type]
    async def count(run: Run, args: Number) -> None:
        seen.append(args.n)

    return count


async def test_a_job_runs_and_is_gone(engines: Engines) -> None:
    seen: list[int] = []
    count = counting(seen)
    async with working(engines, [count]):
        async with engines.db.main.transaction() as tx:
            await enqueue(tx, count, Number(7))
        await until(lambda: no_jobs(engines))
    assert seen == [7]


async def test_a_job_starts_within_milliseconds_of_its_commit(engines: Engines) -> None:
    started: list[float] = []

    @job("test.quick")
    async def quick(run: Run, args: Nothing) -> None:
        started.append(time.perf_counter())

    waits = []
    async with working(engines, [quick], poll_seconds=20):
        for number in range(20):
            async with engines.db.main.transaction() as tx:
                await enqueue(tx, quick, Nothing())
            committed = time.perf_counter()
            await until(lambda number=number: len(started) > number)
            waits.append(started[-1] - committed)
            await asyncio.sleep(0.01)
    assert sorted(waits)[10] < 2  # milliseconds when the machine is free; the poll alone would take ten seconds


async def test_many_quick_jobs_all_run_once(engines: Engines) -> None:
    seen: list[int] = []
    count = counting(seen)
    async with engines.db.main.transaction() as tx:
        await enqueue_many(tx, count, [Number(n) for n in range(3000)])
    async with working(engines, [count]):
        await until(lambda: no_jobs(engines))
    assert sorted(seen) == list(range(3000))


async def test_two_workers_share_the_work_and_repeat_none(engines: Engines) -> None:
    seen: list[int] = []
    count = counting(seen)
    async with engines.db.main.transaction() as tx:
        await enqueue_many(tx, count, [Number(n) for n in range(1000)])
    async with working(engines, [count], **ONE_BEAT), working(engines, [count], **ONE_BEAT):
        await until(lambda: no_jobs(engines))
    assert sorted(seen) == list(range(1000))


async def test_higher_priority_goes_first_then_the_older(engines: Engines) -> None:
    seen: list[int] = []
    count = counting(seen)
    async with engines.db.main.transaction() as tx:
        for number, priority in enumerate([0, 0, 5, -1, 5]):
            await enqueue(tx, count, Number(number), priority=priority)
    async with working(engines, [count], slots={"default": 1}):
        await until(lambda: len(seen) == 5)
    assert seen == [2, 4, 0, 1, 3]


async def test_a_job_whose_time_has_not_come_waits(engines: Engines) -> None:
    seen: list[int] = []
    count = counting(seen)
    async with engines.db.main.transaction() as tx:
        await enqueue(tx, count, Number(1), due=now() + timedelta(hours=1))
        await enqueue(tx, count, Number(2))
    async with working(engines, [count]) as worker:
        await until(lambda: seen == [2])
        await worker.outcomes.settle()
    assert [waiting.starts for waiting in await all_jobs(engines)] == [0]


async def test_a_queue_runs_no_more_at_a_time_than_it_may(engines: Engines) -> None:
    running = most = 0

    @job("test.slow", queue="bulk")
    async def slow(run: Run, args: Nothing) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    async with engines.db.main.transaction() as tx:
        await enqueue_many(tx, slow, [Nothing()] * 20)
    async with working(engines, [slow], queues=["bulk"], slots={"bulk": 3}):
        await until(lambda: no_jobs(engines))
    assert most == 3


async def test_what_is_claimed_in_the_moment_in_which_a_slot_ends_runs_at_once(engines: Engines) -> None:
    seen: list[int] = []
    count = counting(seen)
    async with engines.db.main.transaction() as tx:
        await enqueue_many(tx, count, [Number(1), Number(2)])
    (queue,) = Worker(engines, [count], ["default"], {"default": 1})._queues
    first, second = await claims.claim(engines.db.main, "default", ["test.count"], 2, worker_id=new_id(), now=now())
    queue._take([first])
    await asyncio.sleep(0)  # one turn: the slot has come to its end, and nobody has been told
    queue._take([second])
    await until(lambda: len(seen) == 2)


async def test_slow_jobs_are_not_held_back_from_an_idle_worker(engines: Engines) -> None:
    """Batches grow on quick jobs; when slow ones follow, what one worker cannot run soon goes back for others."""
    begun: list[Run] = []
    more_than_one_has_slots_for = asyncio.Event()

    @job("test.mixed")
    async def mixed(run: Run, args: Number) -> None:
        if args.n:
            begun.append(run)
            if len(begun) > 2:
                more_than_one_has_slots_for.set()
            await more_than_one_has_slots_for.wait()

    async with engines.db.main.transaction() as tx:
        await enqueue_many(tx, mixed, [Number(0)] * 500, priority=1)
        await enqueue_many(tx, mixed, [Number(1)] * 12)
    async with working(engines, [mixed], slots={"default": 2}):
        await until(lambda: len(begun) == 2)
        async with working(engines, [mixed], slots={"default": 8}):
            await until(lambda: no_jobs(engines))


async def test_a_cancelled_run_hears_of_it_and_leaves_nothing(engines: Engines) -> None:
    begun, lost = asyncio.Event(), asyncio.Event()

    @job("test.long")
    async def long(run: Run, args: Nothing) -> None:
        begun.set()
        await run.lost.wait()
        lost.set()
        run.check()

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, long, Nothing(), key="film-1/v480")
    async with working(engines, [long], **ONE_BEAT):
        await begun.wait()
        async with engines.db.main.transaction() as tx:
            assert await cancel_jobs(tx, long, "film-1/") == 1
        await asyncio.wait_for(lost.wait(), 60)
    assert await all_jobs(engines) == []


async def test_a_run_can_finish_inside_its_own_transaction(engines: Engines) -> None:
    @job("test.exactly_once")
    async def exactly_once(run: Run, args: Nothing) -> None:
        async with run.ctx.db.main.transaction() as tx:
            await run.finish(tx)
            await enqueue(tx, after, Number(1))
        raise ValueError("too late to matter")

    seen: list[int] = []
    after = counting(seen)
    async with engines.db.main.transaction() as tx:
        await enqueue(tx, exactly_once, Nothing())
    async with working(engines, [exactly_once, after]):
        await until(lambda: no_jobs(engines))
    assert seen == [1]


async def test_a_run_that_lost_its_lease_can_commit_nothing(engines: Engines) -> None:
    begun, refused = asyncio.Event(), asyncio.Event()
    go_on = asyncio.Event()

    @job("test.late")
    async def late(run: Run, args: Nothing) -> None:
        begun.set()
        await go_on.wait()
        try:
            async with run.ctx.db.main.transaction() as tx:
                await run.hold(tx)
        except LeaseLost:
            refused.set()
            raise

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, late, Nothing())
    async with working(engines, [late]):
        await begun.wait()
        other_worker = await a_worker(engines.db.main, now() + timedelta(hours=1))
        await engines.db.main.execute("UPDATE jobs.job SET run_token = id, worker_id = $1 /* fanout */", other_worker)
        go_on.set()
        await asyncio.wait_for(refused.wait(), 60)
    (other,) = await all_jobs(engines)
    assert other.state == "running"  # in the hands of whoever has the new token


async def test_a_worker_that_is_cancelled_twice_is_dead_and_loses_no_job(engines: Engines) -> None:
    begun = asyncio.Event()

    @job("test.long")
    async def long(run: Run, args: Nothing) -> None:
        begun.set()
        await asyncio.sleep(3600)

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, long, Nothing())
    task = asyncio.create_task(Worker(engines, [long], ["default"]).run(asyncio.Event()))
    await begun.wait()
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0.05)
    await asyncio.wait([task], timeout=60)
    assert task.cancelled()
    await until(lambda: not still_at_work())
    await engines.db.main.execute("UPDATE jobs.worker SET lease_until = $1", now())  # as time would have it
    seen: list[Nothing] = []

    @job("test.long")
    async def again(run: Run, args: Nothing) -> None:
        seen.append(args)

    async with working(engines, [again]):
        await until(lambda: no_jobs(engines))
    assert seen == [Nothing()]


def still_at_work() -> set[str]:
    """What a worker does beside its jobs."""
    names = {task.get_name() for task in asyncio.all_tasks()}
    return names & {"jobs outcomes", "jobs beat", "jobs cancelled", "jobs claims default"}
