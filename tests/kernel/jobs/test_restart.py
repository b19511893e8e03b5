"""A PostgreSQL that restarts, or is killed, ends neither the worker nor what it runs."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from octavo.kernel.db import Database, EmbeddedServer, migrate
from octavo.kernel.jobs import Job, enqueue
from octavo.settings import Settings
from tests.harness.modules import modules
from tests.kernel.jobs import worker_process as there
from tests.kernel.jobs.working import until

pytestmark = pytest.mark.slow


@pytest.fixture
def server(settings: Settings) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(settings.data_dir, settings.db)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("roughly", [False, True], ids=["restarted", "killed"])
async def test_the_worker_outlives_the_database(
    server: EmbeddedServer, settings: Settings, tmp_path: Path, *, roughly: bool
) -> None:
    trace, note = tmp_path / "trace", tmp_path / "note"
    await migrate(server.url, [module for module in modules() if module.name == "jobs"])
    command = [sys.executable, "-m", "tests.kernel.jobs.worker_process", server.url, str(tmp_path / "worker")]
    worker = await asyncio.create_subprocess_exec(*command, cwd=Path(there.__file__).parents[3])
    try:
        await put(server.url, settings, there.long, trace)
        await until(trace.exists)
        if roughly:
            assert server.process is not None
            server.process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(server.process.wait)
        else:
            await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        await put(server.url, settings, there.note_start, note)
        await until(note.exists)
        assert worker.returncode is None
        assert trace.read_text() == f"start 1 {worker.pid}\n"
    finally:
        worker.kill()
        await worker.wait()


async def put(url: str, settings: Settings, job: Job, path: Path) -> None:
    database = await Database.open(url, settings.db, application="test")
    try:
        async with database.transaction() as tx:
            await enqueue(tx, job, there.Note(str(path)))
    finally:
        await database.close()
