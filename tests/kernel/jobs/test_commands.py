"""`octavo jobs`: what an operator types, against a real database, as words and as JSON."""

import json

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.jobs import GiveUp, Run, enqueue, job
from octavo.kernel.jobs.commands import commands
from tests.harness.command_line import Type, typing
from tests.kernel.jobs.working import Nothing, all_jobs, until, working


@job("test.hopeless")
async def hopeless(run: Run, args: Nothing) -> None:
    raise GiveUp("no such film")


@pytest.fixture
def octavo_jobs(engines: Engines) -> Type:
    """Types `octavo jobs ...`."""
    return typing(engines, commands)


async def a_dead_job(engines: Engines) -> str:
    async with engines.db.main.transaction() as tx:
        job_id = await enqueue(tx, hopeless, Nothing(), key="film-1")
    async with working(engines, [hopeless]):
        await until(lambda: is_dead(engines))
    return str(job_id)


async def test_list_shows_what_failed_and_why(engines: Engines, octavo_jobs: Type) -> None:
    job_id = await a_dead_job(engines)
    shown = await octavo_jobs("list")
    assert job_id in shown.stdout
    (listed,) = json.loads((await octavo_jobs("list", "--json", "--state", "dead")).stdout)
    assert (listed["id"], listed["error"], listed["key"]) == (job_id, "no such film", "film-1")
    assert json.loads((await octavo_jobs("list", "--json", "--state", "waiting")).stdout) == []


async def test_retry_lets_a_dead_job_wait_again(engines: Engines, octavo_jobs: Type) -> None:
    job_id = await a_dead_job(engines)
    assert json.loads((await octavo_jobs("retry", job_id, "--json")).stdout) == {"retried": 1}
    assert [(found.state, found.starts) for found in await all_jobs(engines)] == [("waiting", 0)]
    assert (await octavo_jobs("retry", job_id)).exit_code == 1  # there is no such dead job any more


async def test_retry_drops_a_dead_job_whose_key_waits_already(engines: Engines, octavo_jobs: Type) -> None:
    await a_dead_job(engines)
    async with engines.db.main.transaction() as tx:
        newer = await enqueue(tx, hopeless, Nothing(), key="film-1")
    assert (await octavo_jobs("retry", "--name", "test.hopeless")).exit_code == 0
    assert [found.id for found in await all_jobs(engines)] == [newer]


async def test_retry_asks_which(octavo_jobs: Type) -> None:
    assert (await octavo_jobs("retry")).exit_code == 2
    assert (await octavo_jobs("retry", "not-an-id")).exit_code == 2
    assert (await octavo_jobs("list", "--state", "unheard-of")).exit_code == 2


async def test_watch_shows_queues_and_workers(engines: Engines, octavo_jobs: Type) -> None:
    await a_dead_job(engines)
    assert "default" in (await octavo_jobs("watch", "--once")).stdout
    seen = json.loads((await octavo_jobs("watch", "--once", "--json")).stdout)
    assert seen["queues"] == [{"queue": "default", "waiting": 0, "later": 0, "running": 0, "dead": 1}]


async def is_dead(engines: Engines) -> bool:
    return [found.state for found in await all_jobs(engines)] == ["dead"]
