"""The storage report as an operator sees it in a terminal."""

from collections.abc import Sequence

from rich.console import Group
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from octavo.kernel.media.storage.rows import KindSum, MonthSum, PersonSum, StorageReport

BAR = 40  # characters of the longest one


def report_tables(report: StorageReport) -> Group:
    films = sum(month.films for month in report.months)
    total = f"{decimal(report.bytes)} for {films:,} {'film' if films == 1 else 'films'}"
    return Group(_kinds(report.kinds), "", _people(report.people), "", _growth(report.months), "", Text(total))


def _kinds(kinds: Sequence[KindSum]) -> Table:
    table = _table("kind", "rung", right=("files", "size"))
    for kind in kinds:
        table.add_row(kind.kind, kind.rung, f"{kind.files:,}", decimal(kind.bytes))
    return table


def _people(people: Sequence[PersonSum]) -> Table:
    table = _table("person", right=("films", "uploaded", "made of it"))
    for person in people:
        name = person.name or str(person.owner_id)
        table.add_row(name, f"{person.films:,}", decimal(person.uploaded), decimal(person.made))
    return table


def _growth(months: Sequence[MonthSum]) -> Table:
    """What there was at the end of each month, of all that is still there."""
    table = _table("until", right=("size",))
    table.add_column("")
    whole = sum(month.bytes for month in months) or 1
    grown = 0
    for month in months:
        grown += month.bytes
        table.add_row(month.month, decimal(grown), "█" * round(BAR * grown / whole))
    return table


def _table(*left: str, right: Sequence[str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in left:
        table.add_column(heading, min_width=8)
    for heading in right:
        table.add_column(heading, justify="right")
    return table
