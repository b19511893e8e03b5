"""An Octavo whose callbacks are tried again soon."""

from pathlib import Path

import pytest

from octavo.settings import Settings
from tests.harness.receiver import impatient


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return impatient(tmp_path / "data", attempts=3, timeout=15.0)
