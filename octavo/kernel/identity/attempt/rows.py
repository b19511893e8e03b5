"""Counted tries at a password."""

from datetime import datetime

from msgspec import Struct


class Attempts(Struct, frozen=True):
    """Tries under one key that failed or still run, and when the last one began."""

    attempt_key: str
    failures: int
    last_at: datetime
