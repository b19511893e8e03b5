"""When triggers fire."""

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.usage.rows import Record
from octavo.products.comms.usage.rules import MILLIONTHS
from octavo.products.comms.usage.trigger.rows import By, Recurring, Time, Trigger

LATE = timedelta(hours=1)  # for which the time before is still looked at
BEGINNING = date(2008, 1, 1)  # of all time, as the vendor counts it


def begins(recurring: Recurring, today: date) -> date:
    """The first day of the time that a trigger looks at."""
    if recurring == "daily":
        return today
    if recurring == "monthly":
        return today.replace(day=1)
    return today.replace(month=1, day=1) if recurring == "yearly" else BEGINNING


def value_of(record: Record, by: By) -> int:
    return {"count": record.count, "usage": record.usage, "price": record.price}[by]


def threshold(text: str, by: By, present: int) -> int:
    """Raises CommsRefusal 20001."""
    try:
        wanted = Decimal(text.removeprefix("+"))
        amount = int(wanted * MILLIONTHS) if by == "price" else int(wanted)
    except (InvalidOperation, OverflowError, ValueError):
        raise CommsRefusal(20001, f"Invalid TriggerValue: {text:.40}") from None
    total = present + amount if text.startswith("+") else amount
    if not 0 < total < 2**62:
        raise CommsRefusal(20001, f"Invalid TriggerValue: {text:.40}")
    return total


def written(value: int, by: By) -> str:
    """As the vendor writes it: a price in units of its currency."""
    return f"{(Decimal(value) / MILLIONTHS).normalize():f}" if by == "price" else str(value)


def times(trigger: Trigger, now: datetime) -> list[Time]:
    """The times that it may fire for now, each only once: the present one, and for a while the one that has just ended,
    as what was used in its last moments is looked at only later.
    """
    found = [Time(begins(trigger.recurring, now.date()), date.max)]
    before = begins(trigger.recurring, (now - LATE).date())
    if before < found[0].start and trigger.created_at.date() < found[0].start:
        found.insert(0, Time(before, found[0].start - timedelta(days=1)))
    return [one for one in found if trigger.fired_for is None or trigger.fired_for < one.start]
