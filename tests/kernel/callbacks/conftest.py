"""A user's server, and an Octavo that may ask this machine and does not wait long between tries."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octavo.settings import Settings, load_settings
from tests.harness.receiver import Receiver, receiving


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        tmp_path / "data",
        environ={},
        outgoing={"allow": ["127.0.0.1"]},
        callbacks={"first_retry": 0.05, "attempts": 3, "timeout": 1.0},
    )


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one
