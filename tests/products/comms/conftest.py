"""What the tests of all rooms of communications start from."""

import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from tests.harness.days import within_a_day
from tests.products.comms.accounts import an_account

__all__ = ["within_a_day"]  # what is used and what is refused is counted by days


@pytest.fixture
async def acme(engines: Engines) -> NewAccount:
    return await an_account(engines)


@pytest.fixture
async def another(engines: Engines) -> NewAccount:
    return await an_account(engines, "Another")
