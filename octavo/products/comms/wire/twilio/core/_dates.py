"""The two ways in which the vendor writes times."""

from datetime import UTC, datetime
from email.utils import format_datetime


def rfc2822(time: datetime | None) -> str | None:
    """Version 2010-04-01: `Sat, 21 Nov 2026 06:20:00 +0000`."""
    return None if time is None else format_datetime(time.astimezone(UTC))


def iso(time: datetime | None) -> str | None:
    """All later versions: `2026-11-21T06:20:00Z`. With a fraction the Python SDK would leave a string."""
    return None if time is None else time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
