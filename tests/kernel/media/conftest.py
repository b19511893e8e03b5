"""Films that several rooms' tests use, made once."""

from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.media.commands import commands
from tests.harness.command_line import Type, typing
from tests.kernel.media.films import a_film


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="session")
def short_film(films: Path) -> Path:
    """Three seconds with sound: one chunk, two rungs."""
    return a_film(films / "short.mp4")


@pytest.fixture(scope="session")
def longer_film(films: Path) -> Path:
    """Twenty seconds with sound: two chunks of each rung."""
    return a_film(films / "longer.mp4", seconds=20, size="854x480")


@pytest.fixture
def octavo_media(engines: Engines) -> Type:
    """Types `octavo media ...`."""
    return typing(engines, commands)
