"""Several web processes on one port: they share the work, count together, and one may die without the others."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests.cli.calling import is_one_sentence, octavo
from tests.faults.film import make_film
from tests.faults.patient import PatientClient
from tests.faults.victims import below
from tests.harness.running import RunningOctavo
from tests.wire.waiting import eventually

pytestmark = pytest.mark.slow
ENOUGH = 40  # connections, each of which meets one of two processes: one chance in 10^12 that all meet the same


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOctavo]:
    running = RunningOctavo(tmp_path_factory.mktemp("pair") / "octavo", OCTAVO_HTTP_PROCESSES="2").start()
    yield running
    assert running.stop() == 0


def test_both_answer_and_either_knows_the_figures_of_both(pair: RunningOctavo) -> None:
    assert {"octavo-web", "octavo-web-2"} <= set(web_processes(pair))
    for _ in range(ENOUGH):
        assert httpx.get(f"{pair.url}/healthz").json() == {"status": "ok"}

    def counted() -> set[str]:
        lines = httpx.get(f"{pair.url}/metrics").text.splitlines()
        healthy = [line for line in lines if line.startswith("octavo_http_requests_total") and "/healthz" in line]
        return {line.partition('process="')[2].partition('"')[0] for line in healthy}

    eventually(lambda: counted() == {"web", "web-2"} or None)


def test_a_film_is_uploaded_and_watched_through_both(pair: RunningOctavo, tmp_path: Path) -> None:
    client = PatientClient(pair)
    client.upload(make_film(tmp_path / "film.mp4"), lambda offset: None)
    assert client.wait_until_complete()["film"]["state"] == "complete"


def test_one_may_die(pair: RunningOctavo) -> None:
    before = web_processes(pair)
    psutil.Process(before["octavo-web-2"]).kill()
    for _ in range(ENOUGH):  # those that wait for the dead one are answered by the one that takes its place
        assert httpx.get(f"{pair.url}/healthz", timeout=60).status_code == 200
    after = eventually(lambda: another(pair, "octavo-web-2", before))
    assert after["octavo-web"] == before["octavo-web"]


def test_a_port_that_is_shared_is_still_taken(pair: RunningOctavo, tmp_path: Path) -> None:
    words = ("--data", str(tmp_path / "other"), "--port", str(pair.ports["web"]), "--json")
    told = octavo("up", *words, OCTAVO_HTTP_PROCESSES="2")
    assert (told.returncode, told.stdout) == (1, "")
    assert is_one_sentence(told.stderr)
    assert "Cannot listen on" in told.stderr


def another(running: RunningOctavo, name: str, before: dict[str, int]) -> dict[str, int] | None:
    found = web_processes(running)
    return found if found.get(name, before[name]) != before[name] else None


def web_processes(running: RunningOctavo) -> dict[str, int]:
    found = {}
    for process in below(running.pid):
        with suppress(psutil.NoSuchProcess):
            found[process.name()] = process.pid
    return {name: pid for name, pid in found.items() if name.startswith("octavo-web")}
