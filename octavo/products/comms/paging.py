"""Pages of lists, newest first where nothing else is said: keyset on the id, a UUIDv7 and so in order of creation."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from octavo.kernel.db import Queryable

R = TypeVar("R", bound=msgspec.Struct)
T = TypeVar("T")
LARGEST_PAGE = 1000
USUAL_PAGE = 50


class PageRequest(msgspec.Struct, frozen=True):
    """`after` is the id that the page begins behind, in the direction of reading; `number` is for show."""

    size: int = USUAL_PAGE
    after: UUID | None = None
    backward: bool = False
    number: int = 0


class Slice(msgspec.Struct, Generic[T], frozen=True):
    """Some rows in order; `next` and `previous` are the ids to go on from, None where there is nothing more."""

    items: list[T]
    next: UUID | None = None
    previous: UUID | None = None


class Keyset:
    """A statement that ends with its conditions, made ready to be read in pages in both directions.

    `id` is the column that orders, as the statement names it.
    """

    def __init__(self, select: str, *, id: str = "id") -> None:
        self._select = select
        self._id = id
        self._made: dict[tuple[int, bool, bool], str] = {}

    def statement(self, arguments: int, *, begins: bool, ascending: bool) -> str:
        key = (arguments, begins, ascending)
        if key not in self._made:
            order, sign = ("ASC", ">") if ascending else ("DESC", "<")
            limit = f"LIMIT ${arguments + 1}"
            behind = "" if begins else f"AND {self._id} {sign} ${arguments + 2}"
            self._made[key] = f"{self._select} {behind} ORDER BY {self._id} {order} {limit}"
        return self._made[key]


async def page_by_id(
    db: Queryable, row: type[R], select: Keyset, *args: Any, page: PageRequest, oldest_first: bool = False
) -> Slice[R]:
    """The page of `select` that `page` asks for. The rows have an `id`."""
    begins = page.after is None
    statement = select.statement(len(args), begins=begins, ascending=page.backward != oldest_first)
    behind = () if begins else (page.after,)
    rows = await db.fetch(row, statement, *args, page.size + 1, *behind)
    more = len(rows) > page.size
    items = rows[: page.size]
    if page.backward:
        items.reverse()
    if not items:
        return Slice([])
    first, last = (one.id for one in (items[0], items[-1]))  # type: ignore[attr-defined]
    has_next, has_previous = (True, more) if page.backward else (more, not begins)
    return Slice(items, last if has_next else None, first if has_previous else None)


def page_of(found: Sequence[T], page: PageRequest) -> Slice[T]:
    """A page of what is at hand as a whole: it is named by the place of the row before or behind it."""
    place = page.after.int if page.after else 0
    start = max(0, place - page.size) if page.backward else place
    end = place if page.backward else start + page.size
    return Slice(
        list(found[start:end]),
        UUID(int=end) if end < len(found) else None,
        UUID(int=start) if start > 0 else None,
    )
