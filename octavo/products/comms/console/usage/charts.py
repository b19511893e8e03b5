"""Bars of a chart: where each stands in its picture, from zero to a round number above the highest."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

HEIGHT, STEP, GAP = 100, 10, 2
ROUND = (1, 2, 3, 4, 5, 6, 8, 10)


class Bar(Struct, frozen=True):
    """In units of the picture; `y` is measured from the top."""

    x: int
    y: float
    height: float
    day: date
    value: int


class Chart(Struct, frozen=True):
    """`top` is the value at the upper edge."""

    bars: list[Bar]
    top: int
    width: int
    bar_width: int = STEP - GAP
    height: int = HEIGHT


def chart(days: Sequence[date], values: Sequence[int]) -> Chart:
    top = round_above(max(values, default=0))
    bars = [
        Bar(place * STEP, round(HEIGHT * (1 - value / top), 2), round(HEIGHT * value / top, 2), day, value)
        for place, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    return Chart(bars, top, max(1, len(bars)) * STEP - GAP)


def round_above(value: int) -> int:
    """The next of 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, and so on."""
    power: int = 10 ** max(0, len(str(max(1, value))) - 1)
    return next(factor * power for factor in ROUND if factor * power >= value)
