"""Reading what people write: sizes and prices, and the lines that benches print."""

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random

import msgspec

from octavo.products.comms.capacity.rows import Measured

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|PB)?", re.IGNORECASE)
_POWERS = {"b": 0, "kb": 1, "mb": 2, "gb": 3, "tb": 4, "pb": 5}


class _Line(msgspec.Struct, frozen=True):
    bench: str
    measures: list["_Figure"]


class _Figure(msgspec.Struct, frozen=True):
    name: str
    ours: float


def size_of(text: str) -> int:
    """`100TB` in bytes; a kilobyte has a thousand. Raises ValueError."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no size; write it as 100TB.")
    unit: int = 1000 ** _POWERS[(found[2] or "B").lower()]
    return round(float(found[1]) * unit)


def price_of(text: str) -> Decimal:
    """Raises ValueError."""
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("nan")
    if not price.is_finite() or price < 0:
        raise ValueError(f"{text!r} is no price.")
    return price


def sizes(messages: int, average: float, seed: str) -> list[int]:
    """Messages of many sizes, the small ones the most frequent; the same seed gives the same."""
    random = Random(seed)  # noqa: S311 - a simulation
    return [max(1, round(random.expovariate(1 / average))) for _ in range(messages)]


def measured_in(path: Path) -> list[Measured]:
    """The figures of `./dev bench NAME --json >> FILE`; other lines are passed over. Raises OSError or ValueError."""
    lines = [line for line in path.read_text().splitlines() if line.startswith("{")]
    try:
        read = [msgspec.json.decode(line, type=_Line) for line in lines]
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} holds a line that no bench printed: {error}") from error
    return [Measured(line.bench, figure.name, figure.ours) for line in read for figure in line.measures]
