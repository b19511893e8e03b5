"""When triggers fire."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.usage.rows import Record
from octavo.products.comms.usage.rules import MILLIONTHS
from octavo.products.comms.usage.trigger.rows import By, Recurring

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


def may_fire(fired_at: datetime | None, since: date) -> bool:
    """Once in each of its times."""
    return fired_at is None or fired_at.date() < since
