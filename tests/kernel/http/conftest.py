"""What the tests of HTTP share."""

from pathlib import Path

import pytest

from tests.kernel.http.cinema import Cinema


@pytest.fixture
def cinema(tmp_path: Path) -> Cinema:
    return Cinema(tmp_path)
