"""Faults: killed or cut off from the database, the service delivers every callback, and each thread in its order."""

import asyncio
import random
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web

from octavo.kernel.callbacks import Sender, _lease, delivery, register_sender, send_many
from octavo.kernel.context import Engines
from octavo.kernel.db import Database
from octavo.kernel.ids import new_id
from octavo.kernel.processes import die_with_parent
from tests.harness.receiver import Received, Receiver
from tests.kernel.callbacks.sending import OWNER, a_callback, delivering, explain, sent, sign

THREADS, STATES = 60, 6
ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def a_runner(engines: Engines, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.kernel.callbacks.runner_process",
        engines.db.main.url,
        str(folder),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=die_with_parent(),
    )
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def feed(engines: Engines, receiver: Receiver, threads: list[UUID]) -> None:
    """Each thread is told of its states one after the other, all of them at about the same time."""
    for state in range(STATES):
        for some in (threads[:20], threads[20:40], threads[40:]):
            await sent(engines, [a_callback(f"{receiver.url}/{one.hex}", thread=one, said=str(state)) for one in some])
            await asyncio.sleep(0.05)


def assert_in_order(receiver: Receiver, threads: list[UUID]) -> None:
    """At least once: a state may come again, but none for the first time before the one ahead of it."""
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for got in receiver.got:
        if got.form["Said"] not in seen[got.path]:
            seen[got.path].append(got.form["Said"])
    assert {one.hex: seen[f"/{one.hex}"] for one in threads} == {
        one.hex: [str(state) for state in range(STATES)] for one in threads
    }


async def until_all_came(db: Database) -> None:
    async with asyncio.timeout(120):
        # fanout: a test looks at everything.
        while await db.value("SELECT count(*) FROM callbacks.delivery WHERE state <> 'delivered'"):
            await asyncio.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_a_killed_runner_loses_nothing_and_keeps_the_order(
    engines: Engines, receiver: Receiver, tmp_path: Path
) -> None:
    chance = random.Random(5)

    async def sometimes_slow(_: Received) -> web.Response:
        await asyncio.sleep(chance.random() * 0.05)
        return web.Response(status=204)

    threads = [new_id() for _ in range(THREADS)]
    receiver.answers.update({f"/{one.hex}": sometimes_slow for one in threads})
    feeding = asyncio.create_task(feed(engines, receiver, threads))
    for _ in range(2):
        async with a_runner(engines, tmp_path) as victim:
            await receiver.until(len(receiver.got) + 40)
            victim.send_signal(signal.SIGKILL)
            await victim.wait()
    async with a_runner(engines, tmp_path) as survivor:
        await feeding
        await until_all_came(engines.db.main)
        survivor.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(survivor.wait(), 60) == 0
    assert_in_order(receiver, threads)
    assert await engines.db.main.value("SELECT count(*) FROM callbacks.delivery WHERE lease IS NOT NULL") == 0


@pytest.mark.slow
async def test_two_runners_share_the_work_and_meet_nowhere(
    engines: Engines, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_lease, "ALIVE", timedelta(hours=1))  # neither takes the other for dead
    threads = [new_id() for _ in range(THREADS)]
    async with delivering(engines), delivering(engines):
        await feed(engines, receiver, threads)
        await until_all_came(engines.db.main)
    assert len(receiver.got) == THREADS * STATES, "none is sent twice where nobody dies"
    assert_in_order(receiver, threads)


@pytest.mark.slow
async def test_connections_that_break_are_sat_out(engines: Engines, receiver: Receiver) -> None:
    threads = [new_id() for _ in range(THREADS)]
    # What breaks and looks has connections of its own: those of the others are ended some time after it was asked for.
    aside = await Database.open(engines.db.main.url, engines.settings.db, application="aside")
    async with delivering(engines):
        feeding = asyncio.create_task(feed(engines, receiver, threads))
        await receiver.until(30)
        async with asyncio.timeout(60):
            # Those whose last statement was one of the runner's: at this very moment there may be none.
            while not await aside.value(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'octavo test' "
                "AND query ILIKE '%callbacks.delivery%'"
            ):
                await asyncio.sleep(0.001)
        await asyncio.gather(feeding, return_exceptions=True)
        await until_all_came(aside)
    told = {(got.path, got.form["Said"]) for got in receiver.got}
    assert len(told) == await aside.value("SELECT count(*) FROM callbacks.delivery")
    await aside.close()


@pytest.mark.slow
async def test_what_was_claimed_without_anybody_hearing_of_it_is_let_go(engines: Engines, receiver: Receiver) -> None:
    async with delivering(engines):
        await sent(engines, [a_callback(f"{receiver.url}/told")])
        await receiver.until(1)
        async with engines.db.main.transaction() as tx:
            [id] = await send_many(tx, [a_callback(f"{receiver.url}/lost")])
            runner = await tx.value("SELECT id FROM callbacks.runner")
            await tx.execute("UPDATE callbacks.delivery SET lease = $2 WHERE id = $1", id, runner)
        await receiver.until(1, path="/lost")


async def test_an_outcome_that_cannot_be_written_holds_up_no_other(engines: Engines, receiver: Receiver) -> None:
    async def chokes(*_: object) -> None:
        raise ValueError("what is this?")

    async def fails(_: Received) -> web.Response:
        return web.Response(status=500)

    register_sender("choking", Sender(sign=sign, explain=explain, failed=chokes))
    receiver.answers["/fails"] = fails
    bad = a_callback(f"{receiver.url}/fails", kind="choking.told")
    ids = await sent(engines, [a_callback(f"{receiver.url}/told"), bad, a_callback(f"{receiver.url}/told")])
    async with delivering(engines):
        async with asyncio.timeout(60):
            while await engines.db.main.value("SELECT count(*) FROM callbacks.delivery WHERE state = 'waiting'"):
                await asyncio.sleep(0.02)
    states = [(await delivery(engines.db.main, OWNER, one)).state for one in ids]
    assert states == ["delivered", "failed", "delivered"]
    assert len(await receiver.until(2, path="/told")) == 2, "those beside it are not sent again"
