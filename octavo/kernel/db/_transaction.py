"""One transaction: everything in it is kept together or not at all."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import msgspec

from octavo.kernel.db._decode import decode
from octavo.kernel.db._errors import OutcomeUnknown, RefusalMaker, surface

R = TypeVar("R", bound=msgspec.Struct)
T = TypeVar("T")
log = logging.getLogger("octavo.db")


class Transaction:
    """A Queryable inside `async with db.transaction() as tx`. Constraint names in `refusals` become refusals."""

    __slots__ = ("_after_commit", "_connection", "_refusals", "_timeout")

    def __init__(
        self, connection: asyncpg.Connection, timeout: float, refusals: Mapping[str, RefusalMaker] | None = None
    ) -> None:
        self._connection = connection
        self._timeout = timeout
        self._refusals = refusals or {}
        self._after_commit: list[Callable[[], None]] = []

    async def fetch(self, row: type[R], sql: str, *args: Any, timeout: float | None = None) -> list[R]:
        records = await self._told(self._connection.fetch(sql, *args, timeout=timeout or self._timeout))
        return decode(row, sql, records)

    async def one(self, row: type[R], sql: str, *args: Any, timeout: float | None = None) -> R | None:
        record = await self._told(self._connection.fetchrow(sql, *args, timeout=timeout or self._timeout))
        return None if record is None else decode(row, sql, (record,))[0]

    async def value(self, sql: str, *args: Any, timeout: float | None = None) -> Any:
        return await self._told(self._connection.fetchval(sql, *args, timeout=timeout or self._timeout))

    async def column(self, sql: str, *args: Any, timeout: float | None = None) -> list[Any]:
        records = await self._told(self._connection.fetch(sql, *args, timeout=timeout or self._timeout))
        return [record[0] for record in records]

    async def execute(self, sql: str, *args: Any, timeout: float | None = None) -> int:
        tag = await self._told(self._connection.execute(sql, *args, timeout=timeout or self._timeout))
        return rows_in(tag)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], *, timeout: float | None = None) -> None:
        await self._told(self._connection.executemany(sql, rows, timeout=timeout or self._timeout))

    def after_commit(self, call: Callable[[], None]) -> None:
        """Do this once the transaction is kept. Never called if it is not. Must not fail: nobody can be told."""
        self._after_commit.append(call)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Statements in it may fail alone: the error leaves the block, the transaction around it lives on."""
        await self.execute("SAVEPOINT inner_work")
        calls_before = len(self._after_commit)
        try:
            yield
        except Exception:
            del self._after_commit[calls_before:]
            await self.execute("ROLLBACK TO SAVEPOINT inner_work")
            raise
        else:
            await self.execute("RELEASE SAVEPOINT inner_work")

    async def begin(self) -> None:
        await self._told(self._connection.execute("BEGIN", timeout=self._timeout))

    async def commit(self) -> None:
        try:
            tag = await self._told(self._connection.execute("COMMIT", timeout=self._timeout))
        except Exception as error:
            self._doubted(error)
            raise
        if tag != "COMMIT":
            # PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error.
            raise RuntimeError("A statement failed and its error was swallowed, so the transaction was rolled back.")
        self.kept()

    def kept(self) -> None:
        """Do what was to be done after the commit."""
        for call in self._after_commit:
            try:
                call()
            except Exception:
                log.exception("A call after commit failed; the transaction itself is kept.")

    async def rollback(self) -> None:
        """Undo everything. Raises what asyncpg raises; a lost connection has undone it already."""
        await self._connection.execute("ROLLBACK", timeout=self._timeout)

    def _doubted(self, error: Exception) -> None:
        if self._connection.is_closed() or isinstance(error.__cause__, TimeoutError | OSError):
            raise OutcomeUnknown from error

    async def _told(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except Exception as error:
            surface(error, self._refusals)


class Statements(Transaction):
    """The same for a block that writes with one statement: each is kept by itself."""

    __slots__ = ()

    async def execute(self, sql: str, *args: Any, timeout: float | None = None) -> int:
        try:
            return await super().execute(sql, *args, timeout=timeout)
        except Exception as error:
            self._doubted(error)
            raise


def rows_in(tag: str) -> int:
    """The count in a command tag such as `INSERT 0 5` or `UPDATE 3`; 0 for a tag without one."""
    last = tag.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0
