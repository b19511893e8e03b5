"""Enqueueing: with the transaction or not at all, once per key, and without harm to the caller."""

from datetime import timedelta

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.jobs import Run, cancel_jobs, enqueue, enqueue_many, job
from tests.kernel.jobs.working import Nothing, Number, all_jobs


@job("test.count", queue="default")
async def count(run: Run, args: Number) -> None:
    pass


async def test_a_job_waits_once_its_transaction_is_kept(engines: Engines) -> None:
    async with engines.db.main.transaction() as tx:
        job_id = await enqueue(tx, count, Number(7), priority=3)
    (waiting,) = await all_jobs(engines)
    assert (waiting.id, waiting.name, waiting.state, waiting.priority) == (job_id, "test.count", "waiting", 3)


async def test_a_transaction_that_falls_takes_its_jobs_with_it(engines: Engines) -> None:
    with pytest.raises(ZeroDivisionError):
        async with engines.db.main.transaction() as tx:
            await enqueue(tx, count, Number(7))
            raise ZeroDivisionError
    assert await all_jobs(engines) == []


async def test_a_key_that_waits_already_is_told_and_does_not_harm_the_transaction(engines: Engines) -> None:
    async with engines.db.main.transaction() as tx:
        first = await enqueue(tx, count, Number(1), key="a")
        assert await enqueue(tx, count, Number(2), key="a") is None
        other = await enqueue(tx, count, Number(3), key="b")
    assert {waiting.id for waiting in await all_jobs(engines)} == {first, other}


async def test_many_jobs_are_enqueued_at_once_and_waiting_keys_left_out(engines: Engines) -> None:
    async with engines.db.main.transaction() as tx:
        await enqueue(tx, count, Number(1), key="1")
        assert await enqueue_many(tx, count, [Number(n) for n in range(5)], keys=[str(n) for n in range(5)]) == 4
        assert await enqueue_many(tx, count, [Number(n) for n in range(5)]) == 5
        assert await enqueue_many(tx, count, []) == 0
    assert len(await all_jobs(engines)) == 10


async def test_arguments_of_another_job_are_a_mistake(engines: Engines) -> None:
    async with engines.db.main.transaction() as tx:
        with pytest.raises(TypeError, match="takes Number"):
            await enqueue(tx, count, Nothing())


async def test_cancelling_by_prefix_removes_what_waits_and_nothing_else(engines: Engines) -> None:
    async with engines.db.main.transaction() as tx:
        for key in ("film-1/a", "film-1/b", "film-2/a", None):
            await enqueue(tx, count, Number(), key=key, due=now() + timedelta(hours=1))
        assert await cancel_jobs(tx, count, "film-1/") == 2
    assert {waiting.key for waiting in await all_jobs(engines)} == {"film-2/a", None}
