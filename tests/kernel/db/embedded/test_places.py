"""Where the files lie: long and odd paths, full and read-only disks, other versions, and interrupted beginnings."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from octavo.kernel.db import CannotStart, EmbeddedServer
from octavo.kernel.db.embedded._reasons import explain
from octavo.kernel.db.embedded._socket import socket_place
from tests.kernel.db.embedded.asking import ask, eventually


@pytest.mark.parametrize("name", ["with space", 'it\'s "quoted"', "ümläut-\U0001f3ac", "per%cent&=?", "back\\slash"])
def test_odd_paths_are_fine(data_dir: Path, name: str) -> None:
    odd = data_dir.rename(data_dir.with_name(name))
    server = EmbeddedServer(odd)
    assert ask(server.start(), "SELECT 1") == 1
    server.stop()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(data_dir: Path) -> None:
    long = data_dir.with_name("long" * 40) / "data"
    long.parent.mkdir()
    data_dir.rename(long)
    server = EmbeddedServer(long)
    url = server.start()
    sockets = socket_place(long)
    assert not sockets.is_relative_to(long)
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert ask(url, "SELECT 1") == 1
    server.stop()
    assert not sockets.exists()


def test_a_short_directory_that_somebody_prepared_is_refused(data_dir: Path, tmp_path: Path) -> None:
    long = data_dir.with_name("long" * 40)
    data_dir.rename(long)
    sockets = socket_place(long)
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(CannotStart, match="belongs to somebody else"):
            EmbeddedServer(long).start()
    finally:
        sockets.unlink()


def test_a_moved_data_directory_works_on(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)
    server.start()
    server.stop()
    moved = EmbeddedServer(data_dir.rename(data_dir.with_name("moved")))
    assert ask(moved.start(), "SELECT 1") == 1
    moved.stop()


def test_a_database_of_another_version_is_left_alone(data_dir: Path) -> None:
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(CannotStart, match="made by PostgreSQL 16, and this Octavo brings 18"):
        EmbeddedServer(data_dir).start()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises(CannotStart, match="not a database"):
        EmbeddedServer(tmp_path).start()
    assert (tmp_path / "postgres" / "letter.txt").read_text() == "mine"


@pytest.mark.slow
def test_an_interrupted_beginning_is_begun_again(tmp_path: Path) -> None:
    script = "import sys, pathlib, octavo.kernel.db as db; db.EmbeddedServer(pathlib.Path(sys.argv[1])).start()"
    for pause in (0.0, 0.15, 0.3):
        command = [sys.executable, "-c", script, str(tmp_path / "data")]
        process = subprocess.Popen(command, start_new_session=True)
        assert eventually(lambda: any((tmp_path / "data").glob("postgres.unfinished*")))
        time.sleep(pause)  # the moment of the kill is meant to differ
        os.killpg(process.pid, signal.SIGKILL)  # with the programs that it runs, which would write on for a moment
        process.wait()
    server = EmbeddedServer(tmp_path / "data")
    assert ask(server.start(), "SELECT current_database()") == "octavo"
    server.stop()
    assert not list((tmp_path / "data").glob("postgres.unfinished*"))


def test_a_damaged_database_gives_a_sentence_and_not_a_hang(data_dir: Path) -> None:
    (data_dir / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(CannotStart, match="did not start: "):
        EmbeddedServer(data_dir).start()


def test_a_directory_that_may_not_be_written_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match=r"The database in .* did not start"):
        EmbeddedServer(tmp_path / "file" / "data").start()


@pytest.mark.slow
def test_a_disk_too_small_to_begin_on_gives_one_sentence(tmp_path: Path) -> None:
    said = _on_small_disk(tmp_path, "size=20m", "EmbeddedServer(disk / 'data').start()")
    assert "CannotStart" in said
    assert "The disk is full. Free some space and start again" in said


def test_a_write_that_was_cut_short_means_a_full_disk(tmp_path: Path) -> None:
    cut_short = (
        'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 3\n'
        "HINT:  Check free disk space.\n"
        "PANIC:  cannot abort transaction 1, it was already committed\n"
    )
    assert "The disk is full" in explain(tmp_path, cut_short).detail


@pytest.mark.slow
def test_a_read_only_disk_gives_one_sentence(tmp_path: Path) -> None:
    said = _on_small_disk(tmp_path, "ro", "EmbeddedServer(disk / 'data').start()")
    assert "CannotStart" in said
    assert "The disk is mounted read-only" in said


@pytest.mark.slow
def test_a_disk_that_fills_up_refuses_to_store_and_serves_on(tmp_path: Path) -> None:
    said = _on_small_disk(tmp_path, "size=200m", _FILL_UP)
    assert said.splitlines() == ["StorageFull", "before 1", "after 1000"]


@pytest.mark.slow
def test_a_server_that_finds_the_disk_full_at_its_start_says_so(tmp_path: Path) -> None:
    said = _on_small_disk(tmp_path, "size=100m", _FULL_AT_START)
    assert said.splitlines()[0] == "CannotStart"
    assert "The disk is full" in said


_FILL_UP = """
server = EmbeddedServer(disk / "data")
url = server.start()
async def main():
    db = await Database.open(url, DbSettings(), application="test")
    await db.execute("CREATE TABLE box (t text STORAGE PLAIN)")
    await db.execute("INSERT INTO box VALUES ('first')")
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    filler.write_bytes(bytes(free - 1_000_000))
    try:
        await db.execute("INSERT INTO box SELECT repeat(md5(n::text), 100) FROM generate_series(1, 3000) n")
    except Exception as refused:
        print(type(refused).__name__)
    print("before", await db.value("SELECT count(*) FROM box"))
    filler.unlink()
    await db.execute("INSERT INTO box SELECT 'more' FROM generate_series(1, 999)")
    print("after", await db.value("SELECT count(*) FROM box"))
    await db.close()
asyncio.run(main())
server.stop()
"""

_FULL_AT_START = """
server = EmbeddedServer(disk / "data")
server.start()
server.stop()
filler = (disk / "filler").open("wb")
try:
    while True:
        filler.write(bytes(4096)); filler.flush()
except OSError:
    pass
try:
    server.start()
except Exception as refused:
    print(type(refused).__name__)
    print(refused)
"""


def _on_small_disk(tmp_path: Path, options: str, script: str) -> str:
    """What `script` prints when `disk` is a file system of its own, in a namespace that takes it along when it ends."""
    disk = tmp_path / "disk"
    disk.mkdir()
    preamble = (
        "import asyncio, shutil, sys; from pathlib import Path; from octavo.kernel.db import *; "
        "from octavo.settings import DbSettings; disk = Path(sys.argv[1])\n"
    )
    done = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "--"),
            *("sh", "-c", f'mount -t tmpfs -o {options} none "$1" && exec "$0" -c "$2" "$1"'),
            *(sys.executable, str(disk), preamble + script),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": tempfile.gettempdir()},
    )
    assert shutil.which("unshare")
    return done.stdout or done.stderr
