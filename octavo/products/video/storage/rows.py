"""What the page draws: sums under a name, and how all of it has grown."""

from datetime import date

import msgspec


class Sum(msgspec.Struct, frozen=True):
    name: str
    files: int
    bytes: int


class Grown(msgspec.Struct, frozen=True):
    """What there was at the end of a month, of all that is still there; `films` came in it."""

    month: date
    films: int
    bytes: int
