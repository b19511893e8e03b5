"""What a query needs: something to run SQL on, be it the pool or the transaction that the caller is in."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)


class Queryable(Protocol):
    """Database and Transaction. `timeout` is in seconds; without it the setting `db.timeout` holds."""

    async def fetch(self, row: type[R], sql: str, *args: Any, timeout: float | None = None) -> list[R]:
        """All rows, each as a frozen struct whose fields are named like the columns."""
        ...

    async def one(self, row: type[R], sql: str, *args: Any, timeout: float | None = None) -> R | None:
        """The first row, or None."""
        ...

    async def value(self, sql: str, *args: Any, timeout: float | None = None) -> Any:
        """The first column of the first row, or None."""
        ...

    async def column(self, sql: str, *args: Any, timeout: float | None = None) -> list[Any]:
        """The first column of every row."""
        ...

    async def execute(self, sql: str, *args: Any, timeout: float | None = None) -> int:
        """How many rows were written (or found)."""
        ...

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]], *, timeout: float | None = None) -> None:
        """The same statement for each of `rows`, in one round trip; all of them or none."""
        ...
