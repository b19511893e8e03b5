"""The times by which lists are filtered: a moment, or a whole day."""

from datetime import UTC, datetime, timedelta

from octavo.products.comms.codes import CommsRefusal

A_DAY = len("2026-11-21")
# Beyond these there are no things of ours, and at the ends of the calendar a day more is an error.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def first_moment(name: str, text: str) -> datetime | None:
    """The moment, or the beginning of the day; blank is none. Raises CommsRefusal 20001."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommsRefusal(20001, f"Invalid value for parameter {name}: {text!r:.60}") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment, EARLIEST), LATEST)


def end_of(name: str, text: str) -> datetime | None:
    """The first moment that is too late: a moment to the second and a day count as a whole."""
    moment = first_moment(name, text)
    if moment is None:
        return None
    return moment + (timedelta(days=1) if len(text) == A_DAY else timedelta(seconds=1))
