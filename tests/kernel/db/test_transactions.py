"""A transaction is kept whole or not at all, and what hangs on it happens only when it is kept."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from octavo.kernel.db import Database
from octavo.kernel.refusals import Conflict, Invalid, Refusal
from octavo.settings import DbSettings


class NameTaken(Conflict):
    title = "That name is taken"


@pytest.fixture
async def box(fresh_database_url: str) -> AsyncIterator[Database]:
    """A database with one small table, `box.item`."""
    database = await Database.open(fresh_database_url, DbSettings(), application="test")
    await database.execute("CREATE SCHEMA box")
    await database.execute(
        "CREATE TABLE box.item (name text PRIMARY KEY, n int CONSTRAINT item_n_small CHECK (n < 10))",
    )
    yield database
    await database.close()


async def _names(box: Database) -> list[str]:
    return await box.column("SELECT name FROM box.item ORDER BY name")


async def test_the_end_of_the_block_commits(box: Database) -> None:
    async with box.transaction() as tx:
        assert await tx.execute("INSERT INTO box.item VALUES ('a', 1), ('b', 2)") == 2
        assert await _names(box) == []
    assert await _names(box) == ["a", "b"]


async def test_an_error_that_leaves_the_block_undoes_everything(box: Database) -> None:
    with pytest.raises(KeyError):
        async with box.transaction() as tx:
            await tx.execute("INSERT INTO box.item VALUES ('a', 1)")
            raise KeyError
    assert await _names(box) == []


async def test_a_cancelled_transaction_undoes_everything(box: Database) -> None:
    inserted = asyncio.Event()

    async def insert_and_wait() -> None:
        async with box.transaction() as tx:
            await tx.execute("INSERT INTO box.item VALUES ('a', 1)")
            inserted.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(insert_and_wait())
    await inserted.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _names(box) == []


async def test_a_broken_constraint_is_the_refusal_it_stands_for(box: Database) -> None:
    await box.execute("INSERT INTO box.item VALUES ('a', 1)")
    with pytest.raises(NameTaken):
        async with box.transaction(refusals={"item_pkey": NameTaken}) as tx:
            await tx.execute("INSERT INTO box.item VALUES ('a', 2)")


async def test_a_refusal_may_be_made_from_the_error(box: Database) -> None:
    def too_many(error: Exception) -> Refusal:
        return Invalid(fields={"n": f"is too large: {type(error).__name__}"})

    with pytest.raises(Invalid) as refused:
        async with box.transaction(refusals={"item_n_small": too_many}) as tx:
            await tx.execute("INSERT INTO box.item VALUES ('a', 20)")
    assert refused.value.fields == {"n": "is too large: CheckViolationError"}


async def test_a_constraint_that_nobody_mapped_is_a_mistake_of_ours(box: Database) -> None:
    with pytest.raises(Exception, match="item_n_small") as failed:
        async with box.transaction(refusals={"item_pkey": NameTaken}) as tx:
            await tx.execute("INSERT INTO box.item VALUES ('a', 20)")
    assert not isinstance(failed.value, Refusal)


async def test_calls_after_commit_happen_after_it_and_in_order(box: Database) -> None:
    seen: list[str] = []
    async with box.transaction() as tx:
        await tx.execute("INSERT INTO box.item VALUES ('a', 1)")
        tx.after_commit(lambda: seen.append("first"))
        tx.after_commit(lambda: seen.append("second"))
        assert seen == []
    assert seen == ["first", "second"]


async def test_a_block_of_statements_keeps_each_by_itself_and_then_calls(box: Database) -> None:
    seen: list[list[str]] = []
    async with box.statements() as tx:
        assert await tx.column("SELECT name FROM box.item") == []
        tx.after_commit(lambda: seen.append(["called"]))
        assert await tx.execute("INSERT INTO box.item VALUES ('a', 1)") == 1
        assert await _names(box) == ["a"]
        assert seen == []
    assert seen == [["called"]]


async def test_a_block_of_statements_that_fails_calls_nothing_and_leaves_its_connection_fit(box: Database) -> None:
    seen: list[str] = []
    for _ in range(30):  # more often than there are connections
        with pytest.raises(asyncpg.CheckViolationError):
            async with box.statements() as tx:
                tx.after_commit(lambda: seen.append("never"))
                await tx.execute("INSERT INTO box.item VALUES ('a', 1), ('b', 10)")
    assert (seen, await _names(box)) == ([], [])
    assert box.connections == 1


async def test_calls_after_commit_do_not_happen_after_a_rollback(box: Database) -> None:
    seen: list[str] = []
    with pytest.raises(NameTaken):
        async with box.transaction() as tx:
            tx.after_commit(lambda: seen.append("never"))
            raise NameTaken
    assert seen == []


async def test_a_failing_call_after_commit_does_not_undo_what_is_kept(box: Database) -> None:
    seen: list[str] = []
    async with box.transaction() as tx:
        await tx.execute("INSERT INTO box.item VALUES ('a', 1)")
        tx.after_commit(lambda: [][0])
        tx.after_commit(lambda: seen.append("still called"))
    assert await _names(box) == ["a"]
    assert seen == ["still called"]


async def test_a_swallowed_error_does_not_pass_for_a_commit(box: Database) -> None:
    with pytest.raises(RuntimeError, match="rolled back"):
        async with box.transaction() as tx:
            try:
                await tx.execute("INSERT INTO box.item VALUES ('a', 20)")
            except Exception:  # the mistake that the test is about
                pass
    assert await _names(box) == []


async def test_a_savepoint_fails_alone(box: Database) -> None:
    seen: list[str] = []
    async with box.transaction(refusals={"item_n_small": NameTaken}) as tx:
        await tx.execute("INSERT INTO box.item VALUES ('a', 1)")
        with pytest.raises(NameTaken):
            async with tx.savepoint():
                await tx.execute("INSERT INTO box.item VALUES ('b', 2)")
                tx.after_commit(lambda: seen.append("never"))
                await tx.execute("INSERT INTO box.item VALUES ('c', 20)")
        async with tx.savepoint():
            await tx.execute("INSERT INTO box.item VALUES ('d', 3)")
    assert await _names(box) == ["a", "d"]
    assert seen == []


async def test_many_rows_go_in_as_one(box: Database) -> None:
    await box.execute_many("INSERT INTO box.item VALUES ($1, $2)", [("a", 1), ("b", 2), ("c", 3)])
    assert await _names(box) == ["a", "b", "c"]


async def test_one_bad_row_of_many_keeps_none(box: Database) -> None:
    with pytest.raises(Exception, match="item_n_small"):
        await box.execute_many("INSERT INTO box.item VALUES ($1, $2)", [("a", 1), ("b", 20)])
    assert await _names(box) == []
