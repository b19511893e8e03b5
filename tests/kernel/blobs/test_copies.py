"""Local copies of distant blobs: fetched once, bounded, never taken from under a reader, and safe to be killed in."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from octavo.kernel.blobs import BlobMissing, _copies
from octavo.kernel.blobs._remote import RemoteBlobs
from octavo.kernel.processes import die_with_parent
from octavo.kernel.refusals import StorageFull
from octavo.settings import Settings
from tests.kernel.blobs.relay import Fault, Relay, relay_to
from tests.kernel.blobs.stores import ACCESS_KEY, MIB, SECRET_KEY, amazon_client, made_bucket, remote_blobs, s3_settings

SIZE = 100_000


@pytest.fixture
async def relay(moto: str) -> AsyncIterator[Relay]:
    async with relay_to(moto) as relay:
        yield relay


@pytest.fixture
def store(relay: Relay, moto: str, tmp_path: Path) -> Settings:
    return s3_settings(tmp_path, relay.url, made_bucket(moto), copies_bytes=3 * SIZE)


@pytest.fixture
def blobs(store: Settings) -> RemoteBlobs:
    return remote_blobs(store)


def copies_in(store: Settings) -> list[Path]:
    return list((store.data_dir / "blobs" / "copies").iterdir())


def fetched(relay: Relay) -> int:
    return sum(line.startswith("GET") for line in relay.seen)


async def test_a_copy_is_fetched_once_however_many_ask_at_once(blobs: RemoteBlobs, relay: Relay) -> None:
    await blobs.put("film", os.urandom(SIZE))

    async def look() -> int:
        async with blobs.local_copy("film") as copy:
            return copy.stat().st_ino

    assert len(set(await asyncio.gather(*(look() for _ in range(8))))) == 1
    assert fetched(relay) == 1


async def test_what_this_machine_stored_is_not_fetched_again(blobs: RemoteBlobs, relay: Relay, tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(b"film")
    await blobs.put("film", film)
    film.unlink()
    async with blobs.local_copy("film") as copy:
        assert copy.read_bytes() == b"film"
    assert fetched(relay) == 0


async def test_the_copies_nobody_reads_make_room_the_oldest_first(blobs: RemoteBlobs, store: Settings) -> None:
    async with AsyncExitStack() as held:
        for number in range(6):
            await blobs.put(f"film/{number}", os.urandom(SIZE))
            copy = await held.enter_async_context(blobs.local_copy(f"film/{number}"))
            read_at = time.time() - 100 + number
            os.utime(copy, (read_at, read_at))
        # All are being read: more than the bound may lie here, and every one is whole.
        assert [path.stat().st_size for path in copies_in(store)] == [SIZE] * 6
    async with blobs.local_copy("film/0"):
        blobs.copies.evict()
        assert len(copies_in(store)) == 3
    blobs.copies.evict(all_unused=True)
    assert copies_in(store) == []


async def test_of_what_is_deleted_no_copy_stays(blobs: RemoteBlobs, store: Settings) -> None:
    for key in ("film", "film-2"):
        await blobs.put(key, os.urandom(SIZE))
        async with blobs.local_copy(key):
            pass
    await blobs.delete("film")
    assert len(copies_in(store)) == 1


async def test_a_copy_that_nobody_reads_any_more_goes_in_time(blobs: RemoteBlobs, store: Settings) -> None:
    await blobs.put("film", os.urandom(SIZE))
    async with blobs.local_copy("film") as copy:
        long_ago = time.time() - store.blobs.orphan_hours * 3600 - 1
        os.utime(copy, (long_ago, long_ago))
    remote_blobs(store)
    assert copies_in(store) == []


async def test_a_copy_of_what_is_replaced_meanwhile_breaks_off_and_leaves_nothing(
    blobs: RemoteBlobs, store: Settings, relay: Relay, moto: str
) -> None:
    await blobs.put("film", os.urandom(11 * MIB))
    replaced = False

    def replace_after_the_first_part(line: str) -> None:
        nonlocal replaced
        if line.startswith("GET") and not replaced:
            replaced = True
            amazon_client(moto).put_object(Bucket=store.blobs.bucket, Key="film", Body=b"another film")

    relay.plan = replace_after_the_first_part
    with pytest.raises(BlobMissing):
        async with blobs.local_copy("film"):
            raise AssertionError("there is nothing to read")
    assert copies_in(store) == []
    async with blobs.local_copy("film") as copy:
        assert copy.read_bytes() == b"another film"


async def test_nothing_is_written_to_a_copy_that_was_given_up(
    blobs: RemoteBlobs, store: Settings, relay: Relay, moto: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its descriptor would be another file's by then."""
    await blobs.put("film", os.urandom(11 * MIB))
    write = _copies._write_at
    begun, may_write = threading.Event(), threading.Event()
    written: list[str] = []

    def write_late(descriptor: int, content: bytes, start: int) -> None:
        begun.set()
        may_write.wait(60)
        written.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        write(descriptor, content, start)

    async def read() -> None:
        async with blobs.local_copy("film"):
            raise AssertionError("there is nothing to read")

    monkeypatch.setattr(_copies, "_write_at", write_late)
    reading = asyncio.create_task(read())
    await asyncio.to_thread(begun.wait, 60)
    for _ in range(3):
        reading.cancel()
        await asyncio.sleep(0)
    others = [(tmp_path / f"other-{number}").open("wb") for number in range(10)]
    may_write.set()
    with pytest.raises(asyncio.CancelledError):
        await reading
    for other in others:
        other.close()
        assert Path(other.name).stat().st_size == 0
    assert written
    assert all(name.endswith(".part") for name in written)
    assert copies_in(store) == []


async def test_a_copy_made_anew_is_not_removed_for_the_one_before_it(
    blobs: RemoteBlobs, store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await blobs.put("film", os.urandom(SIZE))
    async with blobs.local_copy("film") as copy:
        pass
    lock = fcntl.flock

    def locked_late(descriptor: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        copy.unlink()
        copy.write_bytes(b"made anew")
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", locked_late)
    assert _copies._remove_unused(copy)
    assert copy.read_bytes() == b"made anew"


async def test_a_film_that_does_not_fit_on_the_disk_is_refused_before_its_first_byte(
    blobs: RemoteBlobs, store: Settings, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await blobs.put("film", os.urandom(SIZE))

    def full(descriptor: int, offset: int, length: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StorageFull):
        async with blobs.local_copy("film"):
            raise AssertionError("there is nothing to read")
    assert (copies_in(store), fetched(relay)) == ([], 0)


KILLED_READER = """
import asyncio, sys
from pathlib import Path
from octavo.settings import load_settings
from octavo.kernel.blobs import open_blobs
async def read():
    async with open_blobs(load_settings(Path(sys.argv[1]))).local_copy("film"):
        print("here", flush=True)
        await asyncio.sleep(60)
asyncio.run(read())
"""


@pytest.mark.slow
async def test_a_reader_in_another_process_keeps_its_copy_until_it_is_killed(
    blobs: RemoteBlobs, store: Settings
) -> None:
    await blobs.put("film", os.urandom(SIZE))
    reader = reader_process(store)
    assert reader.stdout is not None
    assert await asyncio.to_thread(reader.stdout.readline) == b"here\n"
    blobs.copies.evict(all_unused=True)
    assert len(copies_in(store)) == 1
    reader.kill()
    reader.wait()
    reader.stdout.close()
    blobs.copies.evict(all_unused=True)
    assert copies_in(store) == []


@pytest.mark.slow
async def test_a_copy_that_was_being_fetched_when_its_process_was_killed_is_fetched_again(
    blobs: RemoteBlobs, store: Settings, relay: Relay
) -> None:
    await blobs.put("film", content := os.urandom(11 * MIB))
    relay.plan = lambda line: Fault.STALLED if line.startswith("GET") else None
    reader = reader_process(store)
    async with asyncio.timeout(60):
        while not fetched(relay):
            await asyncio.sleep(0.01)
    reader.kill()
    reader.wait()
    assert reader.stdout is not None
    reader.stdout.close()
    assert [path.suffix for path in copies_in(store)] == [".part"]
    relay.plan = lambda line: None
    async with blobs.local_copy("film") as copy:
        assert copy.read_bytes() == content
    assert len(copies_in(store)) == 1


def reader_process(store: Settings) -> subprocess.Popen[bytes]:
    blobs = store.blobs
    said = {"ENGINE": "s3", "ENDPOINT": blobs.endpoint, "BUCKET": blobs.bucket, "COPIES_BYTES": "0"}
    said |= {"ACCESS_KEY_ID": ACCESS_KEY, "SECRET_ACCESS_KEY": SECRET_KEY, "PART_BYTES": str(5 * MIB)}
    return subprocess.Popen(
        [sys.executable, "-c", KILLED_READER, str(store.data_dir)],
        env={**os.environ, **{f"OCTAVO_BLOBS_{name}": value for name, value in said.items()}},
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
