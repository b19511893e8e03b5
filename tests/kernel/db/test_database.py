"""The pool stays healthy under timeouts, cancellations and lost connections, and says so in a refusal."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from octavo.kernel.db import Database, OutcomeUnknown
from octavo.kernel.refusals import Invalid, Unavailable
from octavo.settings import DbSettings

SMALL = DbSettings(pool_size=2, pool_timeout=60.0, timeout=5.0)


@pytest.fixture
async def small(fresh_database_url: str) -> AsyncIterator[Database]:
    """A database with two connections at most."""
    database = await Database.open(fresh_database_url, SMALL, application="test")
    yield database
    await database.close()


async def _kick(url: str) -> None:
    """Break every other connection to the database, as a restart of PostgreSQL does."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_statement_that_takes_too_long_is_stopped(small: Database) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable, match="too long"):
        await small.value("SELECT pg_sleep(30)", timeout=0.1)
    assert time.monotonic() - started < 20
    assert await small.value("SELECT 1") == 1


async def test_every_call_has_a_time_limit_of_its_own_accord(fresh_database_url: str) -> None:
    hasty = Database(fresh_database_url, DbSettings(timeout=0.1), application="test")
    with pytest.raises(Unavailable):
        await hasty.execute("SELECT pg_sleep(30)")
    with pytest.raises(Unavailable):
        async with hasty.transaction() as tx:
            await tx.execute("SELECT pg_sleep(30)")
    await hasty.close()


async def test_a_cancelled_statement_leaves_the_pool_whole(small: Database) -> None:
    for _ in range(5):
        task = asyncio.create_task(small.value("SELECT pg_sleep(30)"))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await asyncio.gather(*(small.value("SELECT 1") for _ in range(10))) == [1] * 10
    assert small.connections <= 2


async def test_more_work_than_connections_waits_its_turn(small: Database) -> None:
    assert await asyncio.gather(*(small.value("SELECT $1::int", n) for n in range(100))) == list(range(100))
    assert small.connections == 2


async def test_work_that_waits_too_long_for_a_connection_is_refused(fresh_database_url: str) -> None:
    hasty = await Database.open(fresh_database_url, DbSettings(pool_size=2, pool_timeout=0.2), application="test")
    async with hasty.transaction(), hasty.transaction():
        with pytest.raises(Unavailable, match="busy"):
            await hasty.value("SELECT 1")
    assert await hasty.value("SELECT 1") == 1
    await hasty.close()


async def test_broken_connections_are_replaced_unnoticed(small: Database) -> None:
    await asyncio.gather(*(small.value("SELECT 1") for _ in range(4)))
    await _kick(small.url)
    for _ in range(4):
        assert await small.value("SELECT 1") == 1


async def test_a_connection_lost_in_a_transaction_is_unavailable(small: Database) -> None:
    with pytest.raises(Unavailable):
        async with small.transaction() as tx:
            await tx.value("SELECT 1")
            await _kick(small.url)
            await tx.value("SELECT 1")
    assert await small.value("SELECT 1") == 1
    assert small.connections <= 2


async def test_a_connection_lost_at_commit_leaves_the_outcome_unknown(small: Database) -> None:
    with pytest.raises(OutcomeUnknown):
        async with small.transaction() as tx:
            await tx.value("SELECT 1")
            await _kick(small.url)


async def test_a_connection_lost_in_a_statement_that_stands_alone_leaves_its_outcome_unknown(small: Database) -> None:
    with pytest.raises(OutcomeUnknown):
        async with small.statements() as tx:
            await tx.value("SELECT 1")
            await _kick(small.url)
            await tx.execute("CREATE TABLE perhaps (n int)")
    assert await small.value("SELECT 1") == 1


async def test_a_commit_that_takes_too_long_leaves_the_outcome_unknown(small: Database) -> None:
    await small.execute("CREATE TABLE slow (n int)")
    await small.execute(
        "CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'"
    )
    await small.execute(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION doze()"
    )
    with pytest.raises(OutcomeUnknown):
        async with small.transaction() as tx:
            await tx.execute("INSERT INTO slow VALUES (1)")
            tx._timeout = 0.1  # of the commit alone
    assert await small.value("SELECT 1") == 1


@pytest.mark.slow
async def test_a_server_that_is_not_there_is_unavailable(fresh_database_url: str) -> None:
    nowhere = fresh_database_url.replace("port=5432", "port=5433")
    with pytest.raises(Unavailable, match="not answering"):
        await Database.open(nowhere, SMALL, application="test")


async def test_a_character_that_cannot_be_stored_is_the_callers_mistake(small: Database) -> None:
    with pytest.raises(Invalid):
        await small.value("SELECT $1::text", "a\x00b")
    with pytest.raises(Invalid):
        await small.value("SELECT $1::jsonb", {"a": "\x00"})


async def test_a_number_that_cannot_be_stored_is_the_callers_mistake(small: Database) -> None:
    with pytest.raises(Invalid, match="number"):
        await small.value("SELECT $1::int", 2**40)
    with pytest.raises(Invalid, match="number"):
        await small.value("SELECT $1::bigint * 4", 2**62)
    assert small.connections == 1


async def test_a_mistake_in_our_sql_surfaces_as_one(small: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        await small.value("SELECT * FROM nothing_here")
    assert small.connections == 1


async def test_a_direct_connection_is_outside_the_pool(small: Database) -> None:
    direct = await small.direct()
    assert await direct.fetchval("SELECT $1::jsonb", {"a": 1}) == {"a": 1}
    assert small.connections == 1
    await direct.close()


async def test_connections_are_named_after_their_process(small: Database) -> None:
    assert (
        await small.value("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()") == "octavo test"
    )


async def test_a_closed_database_closes_what_comes_back(fresh_database_url: str) -> None:
    database = await Database.open(fresh_database_url, SMALL, application="test")
    async with database.transaction() as tx:
        await database.close()
        assert await tx.value("SELECT 1") == 1
    assert database.connections == 0
    with pytest.raises(Unavailable):
        await database.value("SELECT 1")


async def test_a_broken_connection_leaves_its_place_to_whoever_waits(fresh_database_url: str) -> None:
    database = await Database.open(fresh_database_url, DbSettings(pool_size=1), application="test")
    pool = database._pool
    broken = await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)

    async def break_and_come_back() -> asyncpg.Connection:
        pool.release(broken, healthy=False)
        return await pool.acquire()

    back = asyncio.create_task(break_and_come_back())
    served = await waiting
    assert database.connections == 1
    pool.release(served)
    pool.release(await back)
    await database.close()
