"""Days of UTC, by which usage is counted and events are asked for."""

from datetime import datetime, time, timedelta
from time import sleep

import pytest

from octavo.kernel.clock import now

LONGEST_TEST = timedelta(seconds=120)


@pytest.fixture(autouse=True)
def within_a_day() -> None:
    """For conftests to import: no test of theirs begins at the end of a day."""
    began = now()
    left = datetime.combine(began.date() + timedelta(days=1), time.min, began.tzinfo) - began
    if left < LONGEST_TEST:
        sleep(left.total_seconds())
