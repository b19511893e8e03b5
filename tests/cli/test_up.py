"""`octavo up`: one line when it is ready, one Octavo per data directory, and an end in order whenever it is asked."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from octavo.kernel.processes import die_with_parent
from tests.cli.calling import is_one_sentence, octavo
from tests.faults.film import make_film
from tests.faults.patient import PatientClient
from tests.faults.victims import below, strays
from tests.harness.running import RunningOctavo, clean_environment
from tests.wire.waiting import eventually

pytestmark = pytest.mark.slow
LONGEST = 60.0  # seconds to end everything: ten are promised, where nothing else keeps the machine busy


def test_it_is_ready_when_it_says_so(running_octavo: RunningOctavo) -> None:
    assert running_octavo.process is not None
    assert running_octavo.pid == running_octavo.process.pid
    assert running_octavo.url == f"http://127.0.0.1:{running_octavo.ports['web']}"
    assert httpx.get(f"{running_octavo.url}/readyz").status_code == 200
    assert "octavo: ready after" in running_octavo.logged()


def test_its_processes_have_names(running_octavo: RunningOctavo) -> None:
    assert {"octavo-web", "octavo-worker", "octavo-media", "postgres"} <= set(names_below(running_octavo))


def test_the_data_directory_is_its_owners_alone(running_octavo: RunningOctavo) -> None:
    assert running_octavo.data_dir.stat().st_mode & 0o077 == 0


def test_it_tells_its_owner_the_set_up_code(octavo_up: RunningOctavo) -> None:
    kept = octavo_up.data_dir / "setup-code"
    eventually(lambda: "set-up code" in octavo_up.logged() or None)
    assert f"the set-up code {kept.read_text().strip()}" in octavo_up.logged()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_its_log_is_lines_of_json_and_of_its_supervisor(running_octavo: RunningOctavo) -> None:
    httpx.get(f"{running_octavo.url}/video")
    eventually(lambda: '"/video"' in running_octavo.logged() or None)
    lines = [line for line in running_octavo.logged().splitlines() if not line.startswith("octavo: ")]
    assert any(json.loads(line).get("path") == "/video" for line in lines)


def test_a_second_one_on_the_same_data_directory_is_refused(running_octavo: RunningOctavo) -> None:
    told = octavo("up", "--data", str(running_octavo.data_dir), "--port", "0", "--json")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(f"Octavo already runs on {running_octavo.data_dir} (process {running_octavo.pid})")
    assert is_one_sentence(told.stderr)
    assert httpx.get(f"{running_octavo.url}/readyz").status_code == 200


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_it_ends_in_time_with_a_stream_open_and_a_film_encoding(
    asked: signal.Signals, octavo_up: RunningOctavo, tmp_path: Path
) -> None:
    client = PatientClient(octavo_up)
    client.upload(make_film(tmp_path / "film.mp4"), lambda offset: None)
    [title] = client.call("GET", "/api/video/v1/titles", params={"owner": "me"}).json()["items"]
    headers = {"Authorization": f"Bearer {client.token}"}
    address = f"{octavo_up.url}/api/video/v1/titles/{title['id']}/progress"
    assert octavo_up.process is not None
    with httpx.stream("GET", address, headers=headers, timeout=30) as events:
        lines = events.iter_lines()
        next(lines)
        wait_for_ffmpeg(octavo_up)
        octavo_up.process.send_signal(asked)
        code = octavo_up.process.wait(LONGEST)
        try:
            list(lines)
        except httpx.RemoteProtocolError:  # torn off, which is for processes that would not end
            assert "did not end within" in octavo_up.logged()
    assert code == 0
    assert strays(octavo_up) == []


def wait_for_ffmpeg(running: RunningOctavo) -> None:
    deadline = time.monotonic() + 60
    while not any(name.startswith("ffmpeg") for name in names_below(running)):
        assert time.monotonic() < deadline, "no film was encoded"
        time.sleep(0.01)


def names_below(running: RunningOctavo) -> list[str]:
    names = []
    for process in below(running.pid):
        try:
            names.append(process.name())
        except psutil.NoSuchProcess:
            continue
    return names


@pytest.mark.parametrize("after", [0.8, 1.6])
def test_it_ends_in_order_before_it_is_ready(after: float, tmp_path: Path) -> None:
    running = RunningOctavo(tmp_path / "octavo")
    command = [sys.executable, "-m", "octavo.cli", "up", "--data", str(running.data_dir), "--port", "0"]
    process = subprocess.Popen(command, env=clean_environment(), preexec_fn=die_with_parent(), stderr=subprocess.PIPE)
    lock = running.data_dir / "octavo.lock"
    deadline = time.monotonic() + 60
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(after)  # somewhere in the making of its database, its migrations or its forks
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert b"Traceback" not in said
    assert strays(running) == []
    with_what_is_left = running.start()
    assert httpx.get(f"{with_what_is_left.url}/readyz").status_code == 200
    assert running.stop() == 0


# Each asks the process to stop at one moment of its start: `asked()` is put into what it does there.
MOMENTS = {
    "while it waits for nothing yet": """
import octavo.cli.up
octavo.cli.up.log_as_json = asked
""",
    "where PostgreSQL runs and nobody has been told of its process yet": """
class Popen(subprocess.Popen):
    def _execute_child(self, words, *rest):
        super()._execute_child(words, *rest)
        if any(str(word).endswith("/postgres") for word in words) and "--single" not in words:
            asked()
subprocess.Popen = Popen
""",
    "where a connection is half made": """
import asyncpg.connection
look = asyncpg.connection._detect_server_capabilities
asyncpg.connection._detect_server_capabilities = lambda *arguments: (asked(), look(*arguments))[1]
""",
    "in the middle of a migration": """
import asyncpg
execute = asyncpg.Connection.execute
async def executed(self, query, *arguments, **options):
    if query.startswith("INSERT INTO db.migration"):
        asked()
        await execute(self, "SELECT pg_sleep(600)")
    return await execute(self, query, *arguments, **options)
asyncpg.Connection.execute = executed
""",
    "twice": """
import asyncpg.connection, octavo.kernel.db.embedded._server as server
look, end = asyncpg.connection._detect_server_capabilities, server.end
asyncpg.connection._detect_server_capabilities = lambda *arguments: (asked(), look(*arguments))[1]
server.end = lambda process: (asked(), end(process))
""",
    "before the first fork": """
from octavo.cli.supervisor import Supervisor
start = Supervisor.start
Supervisor.start = lambda *arguments, **options: (asked(), start(*arguments, **options))
""",
}
ASKED = """
import os, signal, subprocess, sys
from octavo.cli import main

def asked():
    os.kill(os.getpid(), signal.SIGTERM)
{moment}
sys.argv = ["octavo", "up", "--data", sys.argv[1], "--port", "0"]
main()
"""


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_asked_to_stop_before_it_is_ready_it_ends_what_has_started(moment: str, tmp_path: Path) -> None:
    running = RunningOctavo(tmp_path / "octavo")
    command = [sys.executable, "-c", ASKED.format(moment=moment), str(running.data_dir)]
    ended = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == ""
    assert [line for line in ended.stderr.splitlines() if not line.startswith("octavo: migrated ")] == []
    assert not (running.data_dir / "postgres" / "postmaster.pid").exists()
    assert strays(running) == []
