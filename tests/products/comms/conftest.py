"""What the tests of all rooms of communications start from."""

from datetime import UTC, datetime, time, timedelta
from time import sleep

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from tests.products.comms.accounts import an_account

LONGEST_TEST = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def within_a_day() -> None:
    """What is used and what is refused is counted by days of UTC: no test begins at the end of one."""
    began = now()
    left = datetime.combine(began.date() + timedelta(days=1), time.min, UTC) - began
    if left < LONGEST_TEST:
        sleep(left.total_seconds())


@pytest.fixture
async def acme(engines: Engines) -> NewAccount:
    return await an_account(engines)


@pytest.fixture
async def another(engines: Engines) -> NewAccount:
    return await an_account(engines, "Another")
