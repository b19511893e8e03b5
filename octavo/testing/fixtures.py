"""The fixtures of the plugin."""

from collections.abc import Iterator, Mapping

import pytest

from octavo.testing.house import Octavo, opened
from octavo.testing.service import Service, running


@pytest.fixture(scope="session")
def octavo_settings() -> Mapping[str, str]:
    """Settings of the Octavo of the tests, as its environment variables. Override it to change them."""
    return {}


@pytest.fixture(scope="session")
def octavo_service(tmp_path_factory: pytest.TempPathFactory, octavo_settings: Mapping[str, str]) -> Iterator[Service]:
    """One running Octavo for all tests of the session."""
    with running(tmp_path_factory.mktemp("octavo") / "data", octavo_settings) as service:
        yield service


@pytest.fixture
def octavo(octavo_service: Service) -> Octavo:
    """An account of its own for this test, with a number, a client and as many handsets as it wants."""
    return opened(octavo_service)
