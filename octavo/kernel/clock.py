"""The clock: the one place that asks the machine for the time of day."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, with the UTC zone. Rules take it as an argument; edges call this once per request or job."""
    return datetime.now(UTC)
