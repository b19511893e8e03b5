"""Clusters to break: made once, copied for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from octavo.kernel.db import EmbeddedServer
from tests.harness.server import quickest_folder


@pytest.fixture(scope="session")
def made_data_dir() -> Iterator[Path]:
    """A data directory whose server was started once and stopped."""
    with tempfile.TemporaryDirectory(prefix="octavo-made-", dir=quickest_folder()) as folder:
        server = EmbeddedServer(Path(folder) / "data")
        server.start()
        server.stop()
        yield server.data_dir


@pytest.fixture
def data_dir(made_data_dir: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="octavo-data-", dir=quickest_folder()) as folder:
        yield _copy(made_data_dir, Path(folder))


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedServer]:
    """A server that is not started yet, on a cluster of its own. Whatever happens, it is stopped in the end."""
    embedded = EmbeddedServer(data_dir)
    yield embedded
    embedded.stop()


@pytest.fixture(scope="module")
def running_url(made_data_dir: Path) -> Iterator[str]:
    """A running server for tests that only ask."""
    with tempfile.TemporaryDirectory(prefix="octavo-running-", dir=quickest_folder()) as folder:
        embedded = EmbeddedServer(_copy(made_data_dir, Path(folder)))
        yield embedded.start()
        embedded.stop()


def _copy(made: Path, folder: Path) -> Path:
    shutil.copytree(made, folder / "data", ignore=shutil.ignore_patterns("run"))
    return folder / "data"
