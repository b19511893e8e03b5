"""What was used, and sums of it."""

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

Span = Literal["whole", "day", "month", "year"]


class Used(Struct, frozen=True):
    """So many things of a category on a day; `price` in millionths."""

    account_id: UUID
    category: str
    day: date
    count: int = 1
    usage: int = 1
    price: int = 0


class Counted(Struct, frozen=True):
    """What was counted for a category in the time that began on `start`."""

    category: str
    start: date
    count: int
    usage: int
    price: int


class Record(Struct, frozen=True):
    """A sum over a category, from the one day to the other, both included; `price` in millionths."""

    category: str
    start: date
    end: date
    count: int
    usage: int
    price: int
