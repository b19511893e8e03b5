"""Jobs that fail: tried again, and not for ever, and told with their reason."""

import asyncio
from datetime import timedelta

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.jobs import Backoff, GiveUp, Run, enqueue, job
from tests.kernel.jobs.test_worker import counting
from tests.kernel.jobs.working import Nothing, Number, all_jobs, put_in_the_past, until, working


async def test_a_failing_job_is_tried_again_and_then_kept_as_dead_with_its_reason(engines: Engines) -> None:
    starts: list[int] = []

    @job("test.fails", max_starts=3, retry=Backoff(first=0.01, factor=1))
    async def fails(run: Run, args: Nothing) -> None:
        starts.append(run.starts)
        raise ValueError("the moon is in the wrong place")

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, fails, Nothing())
    async with working(engines, [fails]) as worker:
        for number in range(3):
            await until(lambda number=number: len(starts) > number)
            await worker.outcomes.settle()
            await put_in_the_past(engines)
    (dead,) = await all_jobs(engines)
    assert starts == [1, 2, 3]
    assert (dead.state, dead.error) == ("dead", "ValueError: the moon is in the wrong place")


async def test_a_job_that_gives_up_is_dead_at_once(engines: Engines) -> None:
    @job("test.hopeless")
    async def hopeless(run: Run, args: Nothing) -> None:
        raise GiveUp("no such film")

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, hopeless, Nothing())
    async with working(engines, [hopeless]):
        await until(lambda: is_dead(engines))
    assert [dead.error for dead in await all_jobs(engines)] == ["no such film"]


async def test_work_that_never_ends_in_its_time_is_tried_twice(engines: Engines) -> None:
    @job("test.endless", max_starts=12, timeout=0.05, retry=Backoff(first=0.0))
    async def endless(run: Run, args: Nothing) -> None:
        await asyncio.sleep(60)

    async with working(engines, [endless]):
        async with engines.db.main.transaction() as tx:
            await enqueue(tx, endless, Nothing())
        await until(lambda: is_dead(engines))
    (dead,) = await all_jobs(engines)
    assert (dead.starts, dead.error) == (2, "It took longer than 0.05 seconds.")


async def test_a_job_that_takes_too_long_has_failed(engines: Engines) -> None:
    @job("test.endless", max_starts=1, timeout=0.05)
    async def endless(run: Run, args: Nothing) -> None:
        await asyncio.Event().wait()

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, endless, Nothing())
    async with working(engines, [endless]):
        await until(lambda: is_dead(engines))
    assert "longer than" in (await all_jobs(engines))[0].error


async def test_a_job_that_waited_for_something_cancelled_has_failed(engines: Engines) -> None:
    @job("test.tangled", max_starts=1)
    async def tangled(run: Run, args: Nothing) -> None:
        inner = asyncio.create_task(asyncio.sleep(60))
        inner.cancel()
        await inner

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, tangled, Nothing())
    async with working(engines, [tangled]):
        await until(lambda: is_dead(engines))
    assert "was cancelled" in (await all_jobs(engines))[0].error


async def test_arguments_that_another_version_wrote_are_told(engines: Engines) -> None:
    count = counting([], max_starts=1)
    async with engines.db.main.transaction() as tx:
        await enqueue(tx, count, Number(1))
    await engines.db.main.execute('UPDATE jobs.job SET args = \'{"n": "one"}\' /* fanout */')
    async with working(engines, [count]):
        await until(lambda: is_dead(engines))
    assert "Expected `int`" in (await all_jobs(engines))[0].error


async def test_a_retry_gives_way_to_a_newer_job_of_the_same_key(engines: Engines) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    @job("test.keyed", retry=Backoff(first=3600))
    async def keyed(run: Run, args: Number) -> None:
        begun.set()
        await go_on.wait()
        raise ValueError

    async with engines.db.main.transaction() as tx:
        await enqueue(tx, keyed, Number(1), key="a")
    async with working(engines, [keyed], slots={"default": 1}) as worker:
        await begun.wait()
        async with engines.db.main.transaction() as tx:
            newer = await enqueue(tx, keyed, Number(2), key="a", due=now() + timedelta(hours=1))
        go_on.set()
        await until(lambda: not any(queue.executions for queue in worker._queues))
        await worker.outcomes.settle()
    assert [(waiting.id, waiting.starts) for waiting in await all_jobs(engines)] == [(newer, 0)]


async def is_dead(engines: Engines) -> bool:
    return [found.state for found in await all_jobs(engines)] == ["dead"]
