"""The database as a process sees it: single statements, transactions, and connections of one's own."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import msgspec

from octavo.kernel.db._connect import connect
from octavo.kernel.db._decode import decode
from octavo.kernel.db._errors import RefusalMaker, surface
from octavo.kernel.db._pool import Pool
from octavo.kernel.db._transaction import Statements, Transaction, rows_in
from octavo.settings import DbSettings

R = TypeVar("R", bound=msgspec.Struct)
T = TypeVar("T")

# A restarting server is back within a second, so a request waits that long before it is refused.
_PATIENCE = 1.5
_PAUSE = 0.05
_NO_REFUSALS: Mapping[str, RefusalMaker] = {}


class Database:
    """A Queryable for single statements (each its own transaction), and the maker of transactions."""

    def __init__(self, url: str, settings: DbSettings, *, application: str) -> None:
        self.url = url
        self._settings = settings
        self._application = application
        self._timeout = settings.timeout
        self._pool = Pool(
            self._connect_patiently,
            size=settings.pool_size,
            wait=settings.pool_timeout,
            idle_seconds=settings.idle_seconds,
        )

    @classmethod
    async def open(cls, url: str, settings: DbSettings, *, application: str = "web") -> "Database":
        """A database that has answered once. Raises Unavailable when it does not."""
        database = cls(url, settings, application=application)
        await database.value("SELECT 1")
        return database

    async def close(self) -> None:
        await self._pool.close()

    async def fetch(self, row: type[R], sql: str, *args: Any, timeout: float | None = None) -> list[R]:
        limit = timeout or self._timeout
        return decode(row, sql, await self._run(lambda c: c.fetch(sql, *args, timeout=limit)))

    async def one(self, row: type[R], sql: str, *args: Any, timeout: float | None = None) -> R | None:
        limit = timeout or self._timeout
        record = await self._run(lambda c: c.fetchrow(sql, *args, timeout=limit))
        return None if record is None else decode(row, sql, (record,))[0]

    async def value(self, sql: str, *args: Any, timeout: float | None = None) -> Any:
        limit = timeout or self._timeout
        return await self._run(lambda c: c.fetchval(sql, *args, timeout=limit))

    async def column(self, sql: str, *args: Any, timeout: float | None = None) -> list[Any]:
        limit = timeout or self._timeout
        return [record[0] for record in await self._run(lambda c: c.fetch(sql, *args, timeout=limit))]

    async def execute(self, sql: str, *args: Any, timeout: float | None = None) -> int:
        limit = timeout or self._timeout
        return rows_in(await self._run(lambda c: c.execute(sql, *args, timeout=limit)))

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], *, timeout: float | None = None) -> None:
        limit = timeout or self._timeout
        await self._run(lambda c: c.executemany(sql, rows, timeout=limit))

    @asynccontextmanager
    async def transaction(self, *, refusals: Mapping[str, RefusalMaker] = _NO_REFUSALS) -> AsyncIterator[Transaction]:
        """Commits at the end of the block, rolls back when an error leaves it.

        `refusals` maps constraint names to Refusal classes, or to functions that make one of the error.
        """
        connection = await self._acquire()
        healthy = False
        try:
            tx = Transaction(connection, self._timeout, refusals)
            await tx.begin()
            try:
                yield tx
            except Exception:
                healthy = await _undo(tx)
                raise
            await tx.commit()
            healthy = True
        finally:
            self._pool.release(connection, healthy=healthy)

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[Transaction]:
        """For a block that reads, and then writes with one statement, which is kept whole or not at all by itself.

        It spares the two round trips of BEGIN and COMMIT. Nothing undoes an earlier statement when a later one fails.
        """
        connection = await self._acquire()
        healthy = False
        try:
            block = Statements(connection, self._timeout)
            try:
                yield block
            except Exception:
                healthy = await _undo(block)  # there is nothing to undo; it shows whether the connection still works
                raise
            block.kept()
            healthy = True
        finally:
            self._pool.release(connection, healthy=healthy)

    async def direct(self) -> asyncpg.Connection:
        """A connection outside the pool, for LISTEN and advisory locks. The caller closes it."""
        try:
            return await connect(self.url, self._settings, application=self._application)
        except Exception as error:
            surface(error)

    @property
    def connections(self) -> int:
        """How many connections of the pool are open now."""
        return self._pool.size

    async def _run(self, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        connection = await self._acquire()
        healthy = False
        try:
            result = await work(connection)
            healthy = True
            return result
        except Exception as error:
            # An error that the server reported leaves the connection ready for the next statement. After anything
            # else, a timeout above all, it is in a state that the next request shall not meet.
            healthy = isinstance(error, asyncpg.PostgresError | asyncpg.DataError)
            surface(error)
        finally:
            self._pool.release(connection, healthy=healthy)

    async def _acquire(self) -> asyncpg.Connection:
        try:
            return await self._pool.acquire()
        except Exception as error:
            surface(error)

    async def _connect_patiently(self) -> asyncpg.Connection:
        give_up_at = time.monotonic() + _PATIENCE
        while True:
            try:
                return await connect(self.url, self._settings, application=self._application)
            except (asyncpg.CannotConnectNowError, OSError, asyncpg.ConnectionDoesNotExistError) as error:
                if time.monotonic() > give_up_at:
                    surface(error)
            await asyncio.sleep(_PAUSE)


async def _undo(tx: Transaction) -> bool:
    """Roll back; False when the connection is too broken for it, in which case the server has rolled back."""
    try:
        await tx.rollback()
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return False
    return True
