"""What an operator reads of an inspection."""

from collections.abc import Iterator, Sequence

from octavo.kernel.media.inspection.rows import Fault, Mended, Report


def report_lines(report: Report, mended: Sequence[Mended], *, repaired: bool) -> Iterator[str]:
    for one in mended:
        yield f"{_fault(one.fault)}{f' - {one.done}' if one.done else ' - left as it is' if repaired else ''}"
    looked_at = f"{_many(report.assets, 'film')} and {_many(report.files, 'file')} of {report.bytes:,} bytes"
    yield f"Looked at {looked_at}: {_many(len(report.faults), 'fault') if report.faults else 'nothing is wrong'}."
    if report.young:
        yield f"{_many(report.young, 'file')} may still be on the way: too young to be called stray."
    if repaired and report.faults:
        yield f"{_many(sum(bool(one.done) for one in mended), 'fault')} mended."


def _fault(fault: Fault) -> str:
    thing = f"{fault.kind} {fault.name}".strip()
    return f"{fault.fault}: {fault.place} ({thing}{f' of {fault.asset_id}' if fault.asset_id else ''})"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
