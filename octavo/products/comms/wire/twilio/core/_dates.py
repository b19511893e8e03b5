"""The two ways in which the vendor writes times."""

from datetime import UTC, datetime
from email.utils import formatdate
from functools import lru_cache


def rfc2822(time: datetime | None) -> str | None:
    """Version 2010-04-01: `Sat, 21 Nov 2026 06:20:00 +0000`."""
    return None if time is None else _second(int(time.timestamp()))


def iso(time: datetime | None) -> str | None:
    """All later versions: `2026-11-21T06:20:00Z`. With a fraction the Python SDK would leave a string."""
    return None if time is None else time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(1024)
def _second(seconds: int) -> str:
    """Resources that are written have a few times between them, and they are those of now."""
    return formatdate(seconds).replace("-0000", "+0000")
