"""What the campaigns against films share: a film, and what a run without a fault makes of it."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.film import make_film
from tests.faults.patient import PatientClient, started
from tests.faults.trial import Undisturbed, finished
from tests.harness.running import RunningOctavo


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, film: Path) -> Undisturbed:
    running = RunningOctavo(tmp_path_factory.mktemp("undisturbed") / "octavo")
    with started(running):
        client = PatientClient(running)
        client.upload(film, lambda offset: None)
        begun = time.monotonic()
        client.wait_until_complete()
        seconds = time.monotonic() - begun
        return Undisturbed(*asyncio.run(finished(running.data_dir)), seconds)
