"""Databases for tests: a migrated template per run, clones of it in milliseconds, and emptying between tests."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncpg

from octavo.kernel.db import migrate, migrations_hash
from tests.harness.server import SharedServer, locked

T = TypeVar("T")
# A question per table, so that only those with rows are truncated: that costs 2 ms where all would cost 80.
_PROBES = """
SELECT format('SELECT %1$L WHERE EXISTS (SELECT FROM %1$s)', format('%I.%I', schemaname, tablename))
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'db')
"""

_END_THE_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Folder:
    """A module as the migration runner sees it."""

    name: str
    migrations: Path | None


class Databases:
    """Clones and empties databases on the shared server. Plain functions: each runs in an event loop of its own."""

    def __init__(self, server: SharedServer, modules: Sequence[Folder], worker: str) -> None:
        self._server = server
        self._modules = modules
        self._worker = worker
        self._count = 0
        self._emptying = Emptying()

    def clone(self) -> str:
        """A fresh migrated database; returns its URL."""
        self._count += 1
        name = f"test_{self._worker}_{self._count}"
        asyncio.run(self._clone(name))
        return self._url_of(name)

    def drop(self, url: str) -> None:
        asyncio.run(self._on_server(f'DROP DATABASE IF EXISTS "{_name_in(url)}" WITH (FORCE)'))

    def empty(self, url: str) -> None:
        """Truncate every table that holds rows."""
        self._emptying.run(url)

    def close(self) -> None:
        self._emptying.close()

    async def _clone(self, name: str) -> None:
        template = await self._template()
        await self._on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')

    async def _template(self) -> str:
        name = f"template_{migrations_hash(self._modules)[:12]}"
        directory = self._server.joined()
        done = directory / name
        with locked(directory / "template.lock", fcntl.LOCK_EX):
            if not done.exists():
                await self._on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
                await migrate(self._url_of(name), self._modules)
                # Emptying between tests would lose what a migration inserts, so migrations insert nothing.
                assert await self._on(self._url_of(name), _filled) == []
                done.touch()
        return name

    async def _on_server(self, *statements: str) -> None:
        async def run(connection: asyncpg.Connection) -> None:
            for statement in statements:
                await connection.execute(statement)

        await self._on(self._server.url, run)

    async def _on(self, url: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        connection = await asyncpg.connect(url, timeout=60)
        try:
            return await work(connection)
        finally:
            await connection.close()

    def _url_of(self, name: str) -> str:
        return self._server.url.replace("@/octavo?", f"@/{name}?")


class Emptying:
    """Empties a database again and again over one connection: a new one would read the catalogue of all tables anew,
    which takes 25 ms, more than most tests do themselves.
    """

    def __init__(self) -> None:
        self._loop = asyncio.Runner(loop_factory=asyncio.new_event_loop)  # leaves the loops of tests alone
        self._connection: asyncpg.Connection | None = None
        self._url = ""

    def run(self, url: str) -> None:
        self._loop.run(self._run(url))

    def close(self) -> None:
        self._loop.run(self._close())
        self._loop.close()

    async def _run(self, url: str) -> None:
        if url == self._url and self._connection is not None:
            try:
                await _empty(self._connection)
                return
            except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
                pass  # a test has broken all connections
        await self._close()
        named = {"application_name": "emptying"}
        self._connection, self._url = await asyncpg.connect(url, timeout=60, server_settings=named), url
        await _empty(self._connection)

    async def _close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()


def _name_in(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


async def _empty(connection: asyncpg.Connection) -> None:
    if not (tables := await _filled(connection)):
        return
    try:
        await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    except asyncpg.DeadlockDetectedError:  # with a statement whose client is gone, which the server has yet to notice
        await connection.execute(_END_THE_OTHERS)
        await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


async def _filled(connection: asyncpg.Connection) -> list[str]:
    """The tables that hold rows."""
    probes = [row[0] for row in await connection.fetch(_PROBES)]
    return [row[0] for row in await connection.fetch(" UNION ALL ".join(probes))] if probes else []
