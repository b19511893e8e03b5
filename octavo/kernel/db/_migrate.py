"""Migrations: each module's NNNN_name.sql files, in order, once each, under a lock, and never edited afterwards."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import asyncpg
import msgspec

from octavo.kernel.clock import now

# Any number will do, as long as every Octavo uses the same: "octavo" in ASCII.
_LOCK = 0x6F637461766F
_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_MODULE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_OLDEST_VERSION = 15
_LOCK_SECONDS = 120
_STATEMENT_SECONDS = 900
_CLOSE_SECONDS = 5

_OWN_TABLE = """
CREATE SCHEMA IF NOT EXISTS db;
CREATE TABLE IF NOT EXISTS db.migration (
    module text NOT NULL COLLATE "C",
    name text NOT NULL COLLATE "C",
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (module, name)
);
"""


class Migrating(Protocol):
    """What a module tells the runner: its name, which is its PostgreSQL schema, and its folder of files."""

    @property
    def name(self) -> str: ...
    @property
    def migrations(self) -> Path | None: ...


class MigrationFailed(Exception):
    """A migration could not be applied; the message says which one, why, and what is still in place."""


class MigrationEdited(MigrationFailed):
    """A file that was applied before has changed since."""


class _File(msgspec.Struct, frozen=True):
    module: str
    name: str
    sql: str
    sha256: str

    @property
    def label(self) -> str:
        return f"{self.module}/{self.name}"


async def migrate(url: str, modules: Sequence[Migrating]) -> list[str]:
    """Apply what is missing, module by module in the given order; returns `module/name` of each file applied.

    Each file and the note that it was applied are one transaction. Raises MigrationFailed or MigrationEdited.
    """
    files = [file for module in modules for file in _read_module(module)]
    connection = await _connect(url)
    try:
        await _lock(connection)
        await connection.execute(_OWN_TABLE)
        applied = {
            (row["module"], row["name"]): row["sha256"]
            for row in await connection.fetch("SELECT module, name, sha256 FROM db.migration")
        }
        _check_history(files, applied, {module.name for module in modules})
        missing = [file for file in files if (file.module, file.name) not in applied]
        for file in missing:
            await _apply(connection, file)
        return [file.label for file in missing]
    finally:
        with suppress(TimeoutError):  # it is cut off then, and what happened before is what counts
            await connection.close(timeout=_CLOSE_SECONDS)


def migrations_hash(modules: Sequence[Migrating]) -> str:
    """One hash of all files in order: databases with equal hashes have equal schemas."""
    digest = hashlib.sha256()
    for module in modules:
        for file in _read_module(module):
            digest.update(f"{file.label} {file.sha256}\n".encode())
    return digest.hexdigest()


def _read_module(module: Migrating) -> list[_File]:
    if module.migrations is None:
        return []
    if not _MODULE_NAME.fullmatch(module.name):
        raise MigrationFailed(f"{module.name!r} cannot be the name of a PostgreSQL schema.")
    paths = sorted(module.migrations.glob("*.sql"))
    for expected, path in enumerate(paths, start=1):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationFailed(f"{path} should be named like 0001_what_it_does.sql.")
        if int(match[1]) != expected:
            raise MigrationFailed(f"{path} should have the number {expected:04}: each number is used once, in order.")
    contents = [path.read_bytes() for path in paths]
    return [
        _File(module.name, path.stem, content.decode(), hashlib.sha256(content).hexdigest())
        for path, content in zip(paths, contents, strict=True)
    ]


async def _connect(url: str) -> asyncpg.Connection:
    try:
        connection = await asyncpg.connect(
            url, timeout=10, command_timeout=_STATEMENT_SECONDS, server_settings={"application_name": "octavo migrate"}
        )
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise MigrationFailed(f"The database could not be reached: {error}. Check DATABASE_URL.") from error
    version = connection.get_server_version().major
    if version < _OLDEST_VERSION:
        await connection.close()
        raise MigrationFailed(f"PostgreSQL {version} is too old: Octavo needs {_OLDEST_VERSION} or later.")
    return connection


async def _lock(connection: asyncpg.Connection) -> None:
    try:
        await connection.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute("SET lock_timeout = '10s'")
    except asyncpg.LockNotAvailableError as error:
        raise MigrationFailed(
            f"Another Octavo has been migrating this database for over {_LOCK_SECONDS} seconds. Nothing was changed."
        ) from error


def _check_history(files: Sequence[_File], applied: dict[tuple[str, str], str], modules: set[str]) -> None:
    known = {(file.module, file.name): file for file in files}
    for key, sha256 in applied.items():
        module, name = key
        if module not in modules:
            continue  # a part of Octavo that this process does not run
        file = known.get(key)
        if file is None:
            raise MigrationFailed(
                f"The database has {module}/{name}, which this version of Octavo does not know. "
                "It was made by a newer version; start that one, or restore a backup."
            )
        if file.sha256 != sha256:
            raise MigrationEdited(
                f"{file.label}.sql was edited after it was applied to this database. "
                "Restore the file and put the change into a new one with the next number."
            )


async def _apply(connection: asyncpg.Connection, file: _File) -> None:
    try:
        async with connection.transaction():
            await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{file.module}"')
            await connection.execute(file.sql)
            await connection.execute(
                "INSERT INTO db.migration (module, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
                file.module,
                file.name,
                file.sha256,
                now(),
            )
    except (asyncpg.PostgresError, OSError, TimeoutError) as error:
        raise MigrationFailed(
            f"{file.label}.sql could not be applied: {error}{_place(file.sql, error)}. "
            "The migrations before it are in place; of this one, nothing was kept."
        ) from error


def _place(sql: str, error: Exception) -> str:
    position = getattr(error, "position", None)
    if not position:
        return ""
    line = sql.count("\n", 0, int(position)) + 1
    return f" (line {line})"
