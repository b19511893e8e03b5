"""Blobs in a folder: linked, safe after a power cut, swept, and with clear words when the disk says no."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from octavo.kernel.blobs import BlobExists, open_blobs
from octavo.kernel.blobs._local import LocalBlobs
from octavo.kernel.refusals import StorageFull, Unavailable
from octavo.settings import load_settings

MEMORY = Path("/dev/shm")


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_refused_leaves_nothing_in_the_spool(blobs: LocalBlobs, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(b"three")
    await blobs.put("a", b"one", create_only=True)
    with pytest.raises(BlobExists):
        await blobs.put("a", film, create_only=True)
    assert files_in(blobs.spool_dir) == []


async def test_a_blob_is_read_where_it_lies(blobs: LocalBlobs) -> None:
    await blobs.put("film/1/v480.mp4", b"0123456789")
    path = blobs.local_path("film/1/v480.mp4")
    assert path.read_bytes() == b"0123456789"
    assert await blobs.opened("film/1/v480.mp4") == path
    async with blobs.local_copy("film/1/v480.mp4") as copy:
        assert copy == path


async def test_a_file_is_linked_not_copied_and_may_be_deleted_afterwards(blobs: LocalBlobs) -> None:
    film = blobs.spool_dir / "film.mp4"
    film.write_bytes(b"x" * 100_000)
    await blobs.put("film", film)
    assert blobs.local_path("film").stat().st_ino == film.stat().st_ino
    await blobs.put("film", film)  # the same file once more: nothing may be left over
    film.unlink()
    assert len(await blobs.get("film")) == 100_000
    assert files_in(blobs.spool_dir) == []


@pytest.mark.parametrize("create_only", [True, False])
async def test_what_is_stored_now_is_new_however_old_its_file_is(blobs: LocalBlobs, *, create_only: bool) -> None:
    film = blobs.spool_dir / "film.mp4"
    film.write_bytes(b"film")
    os.utime(film, (0, 0))
    before = datetime.now(UTC) - timedelta(seconds=1)  # file systems count in ticks
    await blobs.put("film", film, create_only=create_only)
    stored = await blobs.head("film")
    assert stored is not None
    assert stored.modified >= before


async def test_a_file_of_another_file_system_is_copied(blobs: LocalBlobs) -> None:
    if not on_another_file_system(MEMORY, blobs.objects):
        pytest.skip("there is one file system only")
    film = MEMORY / f"octavo-test-{os.getpid()}"
    film.write_bytes(b"film")
    try:
        await blobs.put("film", film)
    finally:
        film.unlink()
    assert await blobs.get("film") == b"film"


def on_another_file_system(folder: Path, other: Path) -> bool:
    return folder.is_dir() and folder.stat().st_dev != other.stat().st_dev


async def test_delete_leaves_no_empty_folders_and_list_walks_the_rest(blobs: LocalBlobs) -> None:
    for key in ("film/1/a", "film/1/b", "film/2/a", "other"):
        await blobs.put(key, b"x")
    await blobs.delete("film/2/a")
    assert not (blobs.objects / "film/2").exists()
    assert sorted([info.key async for info in blobs.list("film/1")]) == ["film/1/a", "film/1/b"]
    assert len([info async for info in blobs.list()]) == 3
    assert [info async for info in blobs.list("nothing")] == []


async def test_puts_and_deletes_of_one_folder_do_not_disturb_each_other(blobs: LocalBlobs) -> None:
    async def come_and_go(number: int) -> None:
        for _ in range(20):
            await blobs.put(f"deep/er/{number}", b"x")
            await blobs.delete(f"deep/er/{number}")

    await asyncio.gather(*(come_and_go(number) for number in range(4)))
    assert files_in(blobs.objects) == []


@pytest.mark.parametrize("create_only", [True, False])
async def test_a_folder_that_another_made_and_removed_just_now_is_made_again(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch, *, create_only: bool
) -> None:
    real = os.mkdir
    raced = 0

    def made_and_removed_by_another(path: Path, mode: int = 0o777) -> None:
        nonlocal raced
        raced += 1
        if raced in (1, 3):
            raise FileExistsError(errno.EEXIST, "File exists", str(path))
        real(path, mode)

    monkeypatch.setattr(os, "mkdir", made_and_removed_by_another)
    await blobs.put("deep/er/film", b"film", create_only=create_only)
    assert await blobs.get("deep/er/film") == b"film"
    assert raced > 3


async def test_below_a_blob_lies_no_other(blobs: LocalBlobs) -> None:
    await blobs.put("film", b"film")
    for key in ("film/part", "film/deep/part"):
        with pytest.raises(BlobExists):
            await blobs.put(key, b"x")
    assert await blobs.get("film") == b"film"
    assert len(files_in(blobs.objects)) == 1


async def test_a_full_disk_is_told_and_leaves_nothing(blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        await blobs.put("a", b"x")
    assert files_in(blobs.objects) == files_in(blobs.spool_dir) == []


async def test_a_disk_that_takes_no_writes_is_told(blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "replace", read_only)
    with pytest.raises(Unavailable, match="Read-only"):
        await blobs.put("a", b"x")


def test_orphans_of_the_dead_are_swept_and_the_living_left_alone(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, environ={})
    blobs = open_blobs(settings)
    old, new = blobs.spool_dir / "put-old", blobs.spool_dir / "put-new"
    old.touch()
    new.touch()
    long_ago = time.time() - settings.blobs.orphan_hours * 3600 - 1
    os.utime(old, (long_ago, long_ago))
    assert files_in(open_blobs(settings).spool_dir) == [new]


@pytest.mark.parametrize("create_only", [True, False])
async def test_a_file_system_that_knows_no_files_without_a_name_will_do(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch, *, create_only: bool
) -> None:
    real = os.open

    def open_named(path: str, flags: int, *args: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "not here")
        return real(path, flags, *args)

    monkeypatch.setattr(os, "open", open_named)
    await blobs.put("film", b"film", create_only=create_only)
    assert await blobs.get("film") == b"film"
    assert files_in(blobs.spool_dir) == []


DYING_WRITER = """
import asyncio, os, signal, sys
from pathlib import Path
from octavo.kernel.blobs._local import LocalBlobs
root, film = Path(sys.argv[1]), Path(sys.argv[2])
blobs = LocalBlobs(root)
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(blobs.put("film", film if film.is_file() else b"film", create_only=len(sys.argv) > 3))
"""


@pytest.mark.parametrize("from_file", [True, False])
@pytest.mark.parametrize("create_only", [True, False])
def test_who_dies_before_all_is_on_the_disk_leaves_nothing(
    blobs: LocalBlobs, tmp_path: Path, *, from_file: bool, create_only: bool
) -> None:
    film = tmp_path / "film"
    if from_file:
        film.write_bytes(b"film")
    arguments = [str(blobs.objects.parent), str(film), *(["once"] if create_only else [])]
    died = subprocess.run([sys.executable, "-c", DYING_WRITER, *arguments], check=False)
    assert died.returncode == -signal.SIGKILL
    assert files_in(blobs.objects.parent) == []


KILLED_WRITER = """
import asyncio, sys
from pathlib import Path
from octavo.kernel.blobs._local import LocalBlobs
async def write():
    blobs = LocalBlobs(Path(sys.argv[1]))
    for n in range(100000):
        await blobs.put("film", bytes([n % 256]) * 300_000)
        print(n, flush=True)
asyncio.run(write())
"""


@pytest.mark.slow
async def test_a_killed_writer_leaves_the_whole_old_or_the_whole_new(blobs: LocalBlobs) -> None:
    for pause in (0.01, 0.03, 0.05):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", KILLED_WRITER, str(blobs.objects.parent), stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        await writer.stdout.readline()
        await asyncio.sleep(pause)
        writer.kill()
        await writer.wait()
        content = await blobs.get("film")
        assert len(content) == 300_000
        assert len(set(content)) == 1
