"""Adding up a storage report for the page: by kind, by rung, and month after month."""

from collections.abc import Callable, Sequence
from datetime import date

from octavo.kernel.media import KindSum, MonthSum
from octavo.products.video.storage.rows import Grown, Sum

MOST_MONTHS = 36


def by_kind(kinds: Sequence[KindSum]) -> list[Sum]:
    return _summed(kinds, lambda one: one.kind)


def by_rung(kinds: Sequence[KindSum]) -> list[Sum]:
    """Of the files that have one: tracks, and the chunks that they are made of."""
    return _summed([one for one in kinds if one.rung], lambda one: one.rung)


def growth(months: Sequence[MonthSum]) -> list[Grown]:
    """Every month from the first film's to the last one's, also those that brought none; the last three years."""
    if not months:
        return []
    came = {one.month: one for one in months}
    grown: list[Grown] = []
    month, total = _month(months[0].month), 0
    while month <= _month(months[-1].month):
        one = came.get(f"{month:%Y-%m}")
        total += one.bytes if one else 0
        grown.append(Grown(month, one.films if one else 0, total))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return grown[-MOST_MONTHS:]


def _summed(kinds: Sequence[KindSum], name: Callable[[KindSum], str]) -> list[Sum]:
    """The largest first."""
    files: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for one in kinds:
        files[name(one)] = files.get(name(one), 0) + one.files
        sizes[name(one)] = sizes.get(name(one), 0) + one.bytes
    return sorted((Sum(key, files[key], sizes[key]) for key in files), key=lambda one: (-one.bytes, one.name))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
