"""Faults: killed, stopped, shut down or cut off from the database, a worker loses no job and repeats none for ever."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from octavo.kernel.context import Engines
from octavo.kernel.jobs import Job, enqueue
from tests.kernel.jobs import worker_process as there
from tests.kernel.jobs.working import all_jobs, no_jobs, until

ROOT = Path(there.__file__).parents[3]
StartWorker = Callable[..., subprocess.Popen[bytes]]

pytestmark = pytest.mark.slow


@pytest.fixture
def start_worker(engines: Engines, tmp_path: Path) -> Iterator[StartWorker]:
    started: list[subprocess.Popen[bytes]] = []

    def start(**settings: float) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "tests.kernel.jobs.worker_process",
            engines.db.main.url,
            str(tmp_path / "data"),
            json.dumps(settings),
        ]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    path = tmp_path / "trace"
    path.touch()
    return path


async def put(engines: Engines, job: Job, trace: Path, *, key: str | None = None) -> None:
    async with engines.db.main.transaction() as tx:
        await enqueue(tx, job, there.Note(str(trace)), key=key)


def lines(trace: Path) -> list[str]:
    return trace.read_text().splitlines()


async def test_a_job_that_kills_its_worker_ends_as_dead_and_drags_no_other_with_it(
    engines: Engines, start_worker: StartWorker, trace: Path, tmp_path: Path
) -> None:
    innocent = tmp_path / "innocent"
    innocent.touch()
    await put(engines, there.kill_worker, trace)
    for _ in range(6):
        await put(engines, there.note_start, innocent)

    async def over() -> bool:
        if worker.poll() is not None:
            restart()
        return [found.state for found in await all_jobs(engines)] == ["dead"]

    def restart() -> None:
        nonlocal worker
        worker = start_worker()

    worker = start_worker()
    await until(over, within=120)
    assert lines(trace) == ["start 1", "start 2", "start 3"]
    assert len(lines(innocent)) >= 6
    (dead,) = await all_jobs(engines)
    assert "ended without a word" in dead.error


async def test_the_jobs_of_a_killed_worker_go_to_another_at_once(
    engines: Engines, start_worker: StartWorker, trace: Path
) -> None:
    first = start_worker(lease_seconds=3600.0)
    await put(engines, there.long, trace)
    await until(lambda: len(lines(trace)) == 1)
    second = start_worker()
    first.kill()
    first.wait()
    await until(lambda: len(lines(trace)) == 2)
    assert lines(trace)[1] == f"start 2 {second.pid}"


async def test_a_stopped_and_resumed_worker_can_commit_nothing(
    engines: Engines, start_worker: StartWorker, trace: Path
) -> None:
    """SIGSTOP for longer than the lease: another worker runs the job, and the first one wakes up too late."""
    first = start_worker()
    await put(engines, there.commit_late, trace)
    await until(lambda: len(lines(trace)) == 1)
    first.send_signal(signal.SIGSTOP)
    second = start_worker(lease_seconds=60.0)
    await until(lambda: lines(trace)[1:] == ["start 2"])
    trace.with_suffix(".go").touch()
    await until(lambda: "committed" in lines(trace))
    first.send_signal(signal.SIGCONT)
    await until(lambda: "too late" in lines(trace))
    await until(lambda: no_jobs(engines))
    committed = await engines.db.main.column("SELECT name FROM jobs.schedule")
    assert committed == [f"by {second.pid}"]


async def test_sigterm_gives_a_running_job_back_without_counting_its_start(
    engines: Engines, start_worker: StartWorker, trace: Path
) -> None:
    worker = start_worker()
    await put(engines, there.long, trace)
    await until(lambda: len(lines(trace)) == 1)
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 60) == 0
    assert lines(trace)[-1] == "lost"
    (waiting,) = await all_jobs(engines)
    assert (waiting.state, waiting.starts) == ("waiting", 0)
    assert await engines.db.main.value("SELECT count(*) FROM jobs.worker") == 0


async def test_shut_down_is_bounded_though_a_job_refuses_to_end(
    engines: Engines, start_worker: StartWorker, trace: Path
) -> None:
    worker = start_worker()
    await put(engines, there.stubborn, trace)
    await until(lambda: len(lines(trace)) == 1)
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 60) == 0
    (waiting,) = await all_jobs(engines)
    assert (waiting.state, waiting.starts) == ("waiting", 0)


async def test_child_processes_die_with_their_worker(engines: Engines, start_worker: StartWorker, trace: Path) -> None:
    worker = start_worker()
    await put(engines, there.child, trace)
    await until(lambda: len(lines(trace)) == 1)
    pid = int(lines(trace)[0])
    os.kill(pid, 0)
    worker.kill()
    await until(lambda: not alive(pid))


async def test_a_worker_survives_that_all_its_connections_are_cut(
    engines: Engines, start_worker: StartWorker, trace: Path, tmp_path: Path
) -> None:
    worker = start_worker()
    await put(engines, there.long, trace)
    await until(lambda: len(lines(trace)) == 1)
    await engines.db.main.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'octavo test worker'"
        " AND datname = current_database()"
    )
    note = tmp_path / "note"
    note.touch()
    await put(engines, there.note_start, note)
    await until(lambda: lines(note) == ["start 1"])
    assert worker.poll() is None
    assert lines(trace) == [f"start 1 {worker.pid}"]  # the long one runs on, its lease was never in doubt


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
