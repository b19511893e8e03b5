"""Whatever process dies, the supervisor starts it again, and people notice little."""

import signal
import subprocess
import sys
import time
from contextlib import suppress

import httpx
import psutil
import pytest

from tests.cli.calling import LONGEST
from tests.faults.patient import PatientClient
from tests.faults.victims import below, is_victim, strays
from tests.harness.running import RunningOctavo

pytestmark = pytest.mark.slow
# PostgreSQL first: a process that is just being started again would not outlive it, and be started once more.
VICTIMS = ("postgres", "web", "worker", "media")
PATIENCE = 60.0


def test_what_is_killed_comes_back_and_the_rest_goes_on(octavo_up: RunningOctavo) -> None:
    client = PatientClient(octavo_up)
    for victim in VICTIMS:
        before = pids(octavo_up)
        psutil.Process(before[victim]).kill()
        after = wait_for_another(octavo_up, victim, before[victim])
        others = [name for name in VICTIMS if name != victim]
        assert {name: after[name] for name in others} == {name: before[name] for name in others}
        assert client.call("GET", "/api/identity/v1/me").json()["username"] == "fault"
    for victim in ("web", "worker", "media"):
        assert f"octavo: {victim} ended with -9; starting it again" in octavo_up.logged()
    assert "octavo: PostgreSQL ended; starting it again" in octavo_up.logged()
    assert httpx.get(f"{octavo_up.url}/readyz").status_code == 200


def test_all_of_them_at_once_come_back(octavo_up: RunningOctavo) -> None:
    client = PatientClient(octavo_up)
    before = pids(octavo_up)
    for victim in VICTIMS:
        psutil.Process(before[victim]).kill()
    for victim in VICTIMS:
        wait_for_another(octavo_up, victim, before[victim])
    assert client.call("GET", "/api/identity/v1/me").json()["username"] == "fault"


def test_a_killed_supervisor_takes_everything_with_it_and_the_next_start_goes_on(octavo_up: RunningOctavo) -> None:
    client = PatientClient(octavo_up)
    processes = below(octavo_up.pid)
    octavo_up.kill()
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert not [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    octavo_up.start()
    assert client.call("GET", "/api/identity/v1/me").json()["username"] == "fault"


def test_it_ends_in_time_though_its_database_hangs_at_its_restart(octavo_up: RunningOctavo) -> None:
    assert octavo_up.process is not None
    before = pids(octavo_up)["postgres"]
    psutil.Process(before).kill()
    hung = hang_the_next(octavo_up, before)
    octavo_up.process.send_signal(signal.SIGTERM)
    assert octavo_up.process.wait(PATIENCE) == 0  # a database that hears nothing but SIGKILL; its start has minutes
    assert not psutil.pid_exists(hung) or psutil.Process(hung).status() == psutil.STATUS_ZOMBIE
    assert strays(octavo_up) == []


# The first process is asked to end before it has done anything at all, and the second is not.
ASKED_AT_ONCE = """
import os, signal, sys
from octavo.cli.supervisor import Child, Supervisor

def ask_to_end():
    if supervisor.children[0].failures == 0:
        os.kill(os.getpid(), signal.SIGTERM)

os.register_at_fork(after_in_child=ask_to_end)
supervisor = Supervisor([Child("early", lambda ready: (ready(), signal.pause()))], None)
supervisor.start(within=60)
supervisor.stop()
"""


def test_a_process_that_is_asked_to_end_as_soon_as_it_is_there_ends() -> None:
    run = subprocess.run([sys.executable, "-c", ASKED_AT_ONCE], capture_output=True, text=True, timeout=LONGEST)
    assert (run.returncode, run.stderr) == (0, "octavo: early ended with -15; starting it again in 0.2 s\n")


def hang_the_next(running: RunningOctavo, before: int) -> int:
    """Stops PostgreSQL's next process in its first moments, as a disk that does not answer would."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for process in psutil.Process(running.pid).children():
            with suppress(psutil.NoSuchProcess):
                if process.pid != before and process.name() in ("unshare", "setpriv", "postgres"):
                    process.suspend()
                    return process.pid
    raise AssertionError("PostgreSQL was not started again")


def wait_for_another(running: RunningOctavo, victim: str, pid: int) -> dict[str, int]:
    deadline = time.monotonic() + PATIENCE
    while (found := pids(running)).get(victim, pid) == pid:
        assert time.monotonic() < deadline, f"{victim} did not come back\n{running.logged()[-2000:]}"
        time.sleep(0.02)
    return found


def pids(running: RunningOctavo) -> dict[str, int]:
    """The process of each name, directly below the supervisor."""
    found = {}
    for process in below(running.pid):
        try:
            for victim in VICTIMS:
                if is_victim(process, victim, running.pid) and process.status() != psutil.STATUS_ZOMBIE:
                    found[victim] = process.pid
        except psutil.NoSuchProcess:
            continue
    return found
