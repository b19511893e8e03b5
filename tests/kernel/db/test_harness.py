"""The harness itself: what one test stores no other sees, and nothing of it outlives the tests."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from octavo.kernel.db import Database
from octavo.kernel.ids import new_id
from octavo.settings import DbSettings
from tests.harness.databases import _empty, _filled
from tests.harness.modules import modules
from tests.harness.server import quickest_folder
from tests.kernel.db.embedded.asking import eventually

_STORE = "INSERT INTO subject.subject (subject_id, kind, owner_id, state) VALUES ($1, 'test.thing', $1, 'private')"


@pytest.mark.parametrize("turn", ["one", "another"])
async def test_what_one_test_stores_the_next_does_not_see(db: Database, turn: str) -> None:
    assert await db.value("SELECT count(*) FROM subject.subject") == 0, turn
    await db.execute(_STORE, new_id())


async def test_a_fresh_database_is_migrated_and_apart(db: Database, fresh_database_url: str) -> None:
    await db.execute(_STORE, new_id())
    fresh = Database(fresh_database_url, DbSettings(), application="test")
    assert await fresh.value("SELECT count(*) FROM subject.subject") == 0
    await fresh.close()


async def test_emptying_ends_whom_it_meets_in_a_circle(fresh_database_url: str) -> None:
    emptying, left = await asyncpg.connect(fresh_database_url), await asyncpg.connect(fresh_database_url)
    await left.execute("CREATE TABLE one AS SELECT 1 AS n; CREATE TABLE two AS SELECT 1 AS n")
    first, second = await _filled(emptying)
    await left.execute(f"SET deadlock_timeout = '60s'; BEGIN; DELETE FROM {second}")
    emptied = asyncio.create_task(_empty(emptying))
    waiting = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted"
    while not await left.fetchval(waiting, emptying.get_server_pid()):
        await asyncio.sleep(0.01)
    # Told in the answer, or seen from the connection's end; or it met the circle itself, if the machine stood still.
    with suppress(asyncpg.AdminShutdownError, asyncpg.ConnectionDoesNotExistError, asyncpg.DeadlockDetectedError):
        await left.execute(f"DELETE FROM {first}")
    await emptied
    assert await emptying.fetchval("SELECT count(*) FROM one, two") == 0
    await emptying.close()


def test_tests_migrate_what_octavo_migrates() -> None:
    from octavo.app import MODULES

    assert [(m.name, m.migrations) for m in modules()] == [(m.name, m.migrations) for m in MODULES if m.migrations]


@pytest.mark.slow
@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
def test_killed_test_processes_leave_no_server_behind(sig: signal.Signals) -> None:
    run_id = new_id().hex[::-1]
    runs = [subprocess.Popen([sys.executable, "-c", _TEST_PROCESS, run_id], stdout=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        assert run.stdout is not None
        with run.stdout:
            assert run.stdout.readline() == b"has a database\n"
    runs[0].send_signal(sig)
    runs[0].wait(60)
    assert _holders(run_id), "the other still needs it"
    runs[1].send_signal(sig)
    runs[1].wait(60)
    assert eventually(lambda: not _holders(run_id))
    assert not list(quickest_folder().glob(f"*{run_id[:16]}*"))


_TEST_PROCESS = """
import os, sys, time
from tests.harness.databases import Databases
from tests.harness.modules import modules
from tests.harness.server import SharedServer
Databases(SharedServer(sys.argv[1]), modules(), str(os.getpid())).clone()
print("has a database", flush=True)
time.sleep(60)
"""


def _holders(run_id: str) -> list[str]:
    """The processes of the run's server, found by the run's name in their command lines."""
    name = f"octavo-tests-{os.geteuid()}-{run_id[:16]}".encode()
    return [entry.name for entry in Path("/proc").iterdir() if entry.name.isdecimal() and name in _command_line(entry)]


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
