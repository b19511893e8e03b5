"""What a killed Octavo leaves behind the next start copes with: orphans, zombies, stale files, strangers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from octavo.kernel.db import EmbeddedServer
from octavo.kernel.db.embedded._pidfile import is_zombie, processes_in, read_pid_file
from tests.kernel.db.embedded.asking import ask, eventually, exists, owner

ORDINARY = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
OWNERS = pytest.mark.parametrize("prefix", [(), ORDINARY], ids=["as we are", "as an ordinary user"])


@pytest.fixture
def stranger() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the same user that has nothing to do with us."""
    process = subprocess.Popen(["sleep", "300"])
    yield process
    process.kill()
    process.wait()


@OWNERS
def test_the_server_ends_cleanly_with_the_process_that_started_it(data_dir: Path, prefix: tuple[str, ...]) -> None:
    process, postmaster, url = owner(data_dir, *prefix)
    assert ask(url, "SELECT 1") == 1
    process.kill()
    process.wait()
    assert eventually(lambda: not exists(postmaster) or is_zombie(postmaster))
    assert eventually(lambda: not processes_in(data_dir / "postgres"))
    # A clean shutdown removes the file; crash recovery would be needed otherwise.
    assert read_pid_file(data_dir / "postgres") is None


@OWNERS
def test_the_next_start_may_come_at_once(data_dir: Path, prefix: tuple[str, ...]) -> None:
    process, _, url = owner(data_dir, *prefix)
    ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
    process.kill()
    process.wait()
    server = EmbeddedServer(data_dir)
    assert ask(server.start(), "SELECT n FROM kept") == 7
    server.stop()


def test_the_owner_and_its_server_killed_together_are_recovered_from(data_dir: Path) -> None:
    process, postmaster, url = owner(data_dir)
    ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
    process.send_signal(signal.SIGSTOP)
    os.kill(postmaster, signal.SIGKILL)
    process.kill()
    process.wait()
    server = EmbeddedServer(data_dir)
    assert ask(server.start(), "SELECT n FROM kept") == 7
    server.stop()


def test_an_orphan_that_still_runs_is_ended_before_its_files_are_used(server: EmbeddedServer) -> None:
    server.start()
    orphan = server.process
    assert orphan is not None
    # As if its Octavo had died without the kernel telling it: the lock is free and nobody owns the process.
    server.process = None
    server.stop()
    assert orphan.poll() is None
    assert ask(server.start(), "SELECT 1") == 1
    orphan.wait(60)


@pytest.mark.slow
def test_backends_that_outlive_their_postmaster_are_waited_for(server: EmbeddedServer) -> None:
    url = server.start()
    assert server.process is not None
    busy = subprocess.Popen([sys.executable, "-c", _SLEEP_IN_DATABASE, url], stdout=subprocess.PIPE)
    assert busy.stdout is not None
    busy.stdout.readline()
    # Stopped processes cannot notice that the postmaster died, as one in the middle of a long computation cannot.
    backends = [pid for pid in processes_in(server.cluster) if pid != server.process.pid]
    for pid in backends:
        with suppress(ProcessLookupError):  # one that cleans up may have ended
            os.kill(pid, signal.SIGSTOP)
    server.process.kill()
    server.process.wait()
    assert processes_in(server.cluster)
    assert ask(server.start(), "SELECT 1") == 1
    assert not any(_works(pid) for pid in backends)
    busy.kill()
    busy.wait()
    busy.stdout.close()


def test_a_pid_file_that_names_a_stranger_is_not_believed(
    server: EmbeddedServer, stranger: "subprocess.Popen[bytes]"
) -> None:
    _leave_pid_file(server, stranger.pid)
    assert ask(server.start(), "SELECT 1") == 1
    assert stranger.poll() is None


def test_a_pid_file_that_names_a_zombie_is_not_believed(server: EmbeddedServer) -> None:
    zombie = os.fork()
    if zombie == 0:
        os._exit(0)
    assert eventually(lambda: is_zombie(zombie))
    _leave_pid_file(server, zombie)
    try:
        assert ask(server.start(), "SELECT 1") == 1
    finally:
        os.waitpid(zombie, 0)


def test_a_pid_file_that_names_nobody_or_nothing_is_not_believed(server: EmbeddedServer) -> None:
    for content in ("999999999\n", "", "rubbish\n"):
        (server.cluster / "postmaster.pid").write_text(content)
        assert ask(server.start(), "SELECT 1") == 1
        server.stop()


def test_a_pid_file_that_names_a_postgres_of_another_directory_is_not_believed(
    server: EmbeddedServer, running_url: str
) -> None:
    _leave_pid_file(server, ask(running_url, "SELECT pg_backend_pid()"))
    postmaster = int(ask(running_url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))
    _leave_pid_file(server, postmaster)
    assert ask(server.start(), "SELECT 1") == 1
    assert ask(running_url, "SELECT 1") == 1


def test_a_stale_socket_is_no_hindrance(server: EmbeddedServer) -> None:
    server.start()
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    assert (server.data_dir / "run" / ".s.PGSQL.5432").exists()
    assert ask(server.start(), "SELECT 1") == 1


def _leave_pid_file(server: EmbeddedServer, pid: int) -> None:
    lines = [pid, server.cluster, int(time.time()), 5432, server.data_dir / "run", "", " 1234 5678", "ready   "]
    (server.cluster / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")


def _works(pid: int) -> bool:
    return exists(pid) and not is_zombie(pid)


_SLEEP_IN_DATABASE = """
import asyncio, asyncpg, sys
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    print("connected", flush=True)
    await connection.execute("SELECT pg_sleep(60)")
asyncio.run(main())
"""
