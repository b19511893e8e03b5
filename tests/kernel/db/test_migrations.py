"""Migrations: in order, once, whole, under a lock; an edited file is refused; each sentence says what to do."""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from octavo.kernel.db import MigrationEdited, MigrationFailed, _migrate, migrate, migrations_hash


@dataclass(frozen=True)
class Shelf:
    """A module with nothing but migrations."""

    name: str
    migrations: Path | None


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "0001_books.sql").write_text("CREATE TABLE shelf.book (id uuid PRIMARY KEY);")
    return Shelf("shelf", folder)


def _add(shelf: Shelf, name: str, sql: str) -> None:
    assert shelf.migrations is not None
    (shelf.migrations / name).write_text(sql)


async def _exists(url: str, table: str) -> bool:
    connection = await asyncpg.connect(url)
    found = await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table)
    await connection.close()
    return bool(found)


async def test_each_file_is_applied_once(fresh_database_url: str, shelf: Shelf) -> None:
    assert await migrate(fresh_database_url, [shelf]) == ["shelf/0001_books"]
    assert await migrate(fresh_database_url, [shelf]) == []
    _add(shelf, "0002_titles.sql", "ALTER TABLE shelf.book ADD title text;")
    assert await migrate(fresh_database_url, [shelf]) == ["shelf/0002_titles"]


async def test_modules_are_applied_in_the_given_order(fresh_database_url: str, shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "loan"
    folder.mkdir()
    (folder / "0001_loans.sql").write_text("CREATE TABLE loan.loan (book_id uuid PRIMARY KEY REFERENCES shelf.book);")
    applied = await migrate(fresh_database_url, [shelf, Shelf("loan", folder), Shelf("without", None)])
    assert applied == ["shelf/0001_books", "loan/0001_loans"]


async def test_an_edited_file_is_refused_before_anything_is_done(fresh_database_url: str, shelf: Shelf) -> None:
    await migrate(fresh_database_url, [shelf])
    _add(shelf, "0001_books.sql", "CREATE TABLE shelf.book (id uuid PRIMARY KEY, title text);")
    _add(shelf, "0002_more.sql", "CREATE TABLE shelf.more (id uuid PRIMARY KEY);")
    with pytest.raises(MigrationEdited, match=r"shelf/0001_books\.sql was edited"):
        await migrate(fresh_database_url, [shelf])
    assert not await _exists(fresh_database_url, "shelf.more")


async def test_a_database_of_a_newer_octavo_is_refused(fresh_database_url: str, shelf: Shelf) -> None:
    _add(shelf, "0002_future.sql", "CREATE TABLE shelf.future (id uuid PRIMARY KEY);")
    await migrate(fresh_database_url, [shelf])
    assert shelf.migrations is not None
    (shelf.migrations / "0002_future.sql").unlink()
    with pytest.raises(MigrationFailed, match="newer version"):
        await migrate(fresh_database_url, [shelf])


async def test_a_failing_file_keeps_nothing_and_says_where(fresh_database_url: str, shelf: Shelf) -> None:
    _add(shelf, "0002_wrong.sql", "CREATE TABLE shelf.half (id uuid PRIMARY KEY);\n\nCREATE TABEL shelf.rest ();")
    with pytest.raises(MigrationFailed, match=r"shelf/0002_wrong\.sql .*TABEL.* \(line 3\)"):
        await migrate(fresh_database_url, [shelf])
    assert await _exists(fresh_database_url, "shelf.book")
    assert not await _exists(fresh_database_url, "shelf.half")
    _add(shelf, "0002_wrong.sql", "CREATE TABLE shelf.rest (id uuid PRIMARY KEY);")
    assert await migrate(fresh_database_url, [shelf]) == ["shelf/0002_wrong"]


async def test_two_that_migrate_at_once_take_turns(fresh_database_url: str, shelf: Shelf) -> None:
    _add(shelf, "0002_slow.sql", "SELECT pg_sleep(0.2); CREATE TABLE shelf.slow (id uuid PRIMARY KEY);")
    applied = await asyncio.gather(*(migrate(fresh_database_url, [shelf]) for _ in range(3)))
    assert sorted(map(len, applied)) == [0, 0, 2]


@pytest.mark.parametrize("name", ["0003_gap.sql", "0001_again.sql", "2_short.sql", "0002-Dash.sql"])
async def test_a_wrong_file_name_is_refused(fresh_database_url: str, shelf: Shelf, name: str) -> None:
    _add(shelf, name, "SELECT 1")
    with pytest.raises(MigrationFailed, match="should"):
        await migrate(fresh_database_url, [shelf])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("port=5432", "port=5433"),
        ("/test_", "/no_such_database_"),
        ("//octavo@", "//nobody@"),
        ("postgresql://", "mysql://"),
        ("port=5432", "port=many"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_told(fresh_database_url: str, old: str, new: str) -> None:
    with pytest.raises(MigrationFailed, match=r"could not be reached: .* Check DATABASE_URL\."):
        await migrate(fresh_database_url.replace(old, new), [])


def test_the_hash_follows_the_content(shelf: Shelf) -> None:
    before = migrations_hash([shelf])
    assert migrations_hash([shelf]) == before
    _add(shelf, "0002_titles.sql", "ALTER TABLE shelf.book ADD title text;")
    assert migrations_hash([shelf]) != before


async def test_asked_to_stop_it_does_so_though_the_server_has_fallen_silent(
    shelf: Shelf, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalled = asyncio.get_running_loop().create_future()

    async def stall(connection: asyncpg.Connection) -> None:
        stalled.set_result(connection.get_server_pid())
        os.kill(connection.get_server_pid(), signal.SIGSTOP)
        await connection.execute("SELECT 1")

    monkeypatch.setattr(_migrate, "_lock", stall)
    monkeypatch.setattr(_migrate, "_CLOSE_SECONDS", 0.1)
    migrating = asyncio.create_task(migrate(fresh_database_url, [shelf]))
    backend = await stalled
    try:
        migrating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await migrating
    finally:
        os.kill(backend, signal.SIGCONT)
