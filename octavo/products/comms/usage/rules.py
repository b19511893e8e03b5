"""Sums of what was counted, by category and by time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.pricing.rows import Price
from octavo.products.comms.usage.categories import CATEGORIES, ancestry
from octavo.products.comms.usage.rows import Counted, Record, Span

MILLIONTHS = 1_000_000


def checked_category(category: str) -> str:
    """Raises CommsRefusal 20001 for one that there is none of."""
    if category not in CATEGORIES:
        raise CommsRefusal(20001, f"Invalid Category: {category:.60}")
    return category


def in_millionths(price: Price | None) -> int:
    """A price as it is counted; what has none is free."""
    return 0 if price is None else int(price.amount * MILLIONTHS)


def records(counted: Iterable[Counted], start: date, end: date, span: Span, category: str | None) -> list[Record]:
    """One record for each category and time. Over a whole range every category is there, used or not."""
    sums: dict[tuple[str, date], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for one in counted:
        for name in ancestry(one.category):
            count, usage, price = sums[name, one.start]
            sums[name, one.start] = (count + one.count, usage + one.usage, price + one.price)
    names = [category] if category else list(CATEGORIES)
    starts = [start] if span == "whole" else sorted({begins for _, begins in sums}, reverse=True)
    return [
        Record(name, max(start, begins), min(end, last_day(begins, end, span)), *sums.get((name, begins), (0, 0, 0)))
        for begins in starts
        for name in names
        if span == "whole" or (name, begins) in sums
    ]


def last_day(start: date, end: date, span: Span) -> date:
    """The last day of the time that begins on `start`."""
    if span == "day":
        return start
    if span == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return date(start.year, 12, 31) if span == "year" else end


def read_day(text: str | None, today: date, usual: date) -> date:
    """`2026-11-21`, or days before and after today: `-30days`. Raises CommsRefusal 20001."""
    if not text:
        return usual
    relative = text.removesuffix("days").removesuffix("day")
    try:
        if relative != text:
            return today + timedelta(days=int(relative))
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise CommsRefusal(20001, f"Invalid date: {text:.40}") from None
