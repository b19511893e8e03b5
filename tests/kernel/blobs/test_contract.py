"""What every engine of blobs does alike: whole or not at all, under safe names, in ranges, and gone when deleted."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from octavo.kernel.blobs import BadBlobKey, BlobExists, BlobMissing, Blobs

LONG = 12 * 1024 * 1024 + 345  # three parts, the last one short


async def read_all(blobs: Blobs, key: str, piece: int) -> bytes:
    """As a response reads it."""
    source = await blobs.opened(key)
    if isinstance(source, Path):
        return await asyncio.to_thread(source.read_bytes)
    pieces = [await source.read(start, min(piece, source.size - start)) for start in range(0, source.size, piece)]
    return b"".join(pieces)


async def keys_in(blobs: Blobs, folder: str = "") -> list[str]:
    return sorted([info.key async for info in blobs.list(folder)])


async def test_what_is_put_can_be_got_whole_and_in_ranges(blobs: Blobs) -> None:
    await blobs.put("film/1/v480.mp4", b"0123456789")
    assert await blobs.get("film/1/v480.mp4") == b"0123456789"
    assert await blobs.get_range("film/1/v480.mp4", 2, 3) == b"234"
    assert await blobs.get_range("film/1/v480.mp4", 8, 100) == b"89"
    assert await blobs.get_range("film/1/v480.mp4", 10, 1) == b""
    assert await read_all(blobs, "film/1/v480.mp4", 3) == b"0123456789"


async def test_nothing_is_a_blob_too(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    await blobs.put("empty", b"")
    await blobs.put("empty-file", tmp_path / "empty")
    await blobs.put("empty-created", tmp_path / "empty", create_only=True)
    assert await blobs.get("empty") == await blobs.get("empty-file") == await blobs.get("empty-created") == b""
    async with blobs.local_copy("empty") as copy:
        assert copy.stat().st_size == 0


@pytest.mark.slow
async def test_a_long_file_goes_there_and_comes_back_the_same(blobs: Blobs, tmp_path: Path) -> None:
    film = tmp_path / "film"
    content = os.urandom(LONG)
    film.write_bytes(content)
    await blobs.put("film", film)
    await blobs.put("film-once", film, create_only=True)
    film.unlink()
    for key in ("film", "film-once"):
        info = await blobs.head(key)
        assert info is not None
        assert info.size == LONG
        assert await blobs.get(key) == content
        assert await read_all(blobs, key, 1024 * 1024) == content
        async with blobs.local_copy(key) as copy:
            assert copy.read_bytes() == content


async def test_head_tells_size_and_an_etag_that_changes_with_the_content(blobs: Blobs) -> None:
    assert await blobs.head("a") is None
    await blobs.put("a", b"one")
    before = await blobs.head("a")
    await blobs.put("a", b"other")
    after = await blobs.head("a")
    assert before is not None
    assert after is not None
    assert (before.size, after.size) == (3, 5)
    assert before.etag != after.etag
    assert abs(after.modified - datetime.now(UTC)) < timedelta(minutes=1)


async def test_create_only_replaces_nothing(blobs: Blobs, tmp_path: Path) -> None:
    await blobs.put("a", b"one", create_only=True)
    with pytest.raises(BlobExists):
        await blobs.put("a", b"two", create_only=True)
    film = tmp_path / "film"
    film.write_bytes(b"three")
    with pytest.raises(BlobExists):
        await blobs.put("a", film, create_only=True)
    assert await blobs.get("a") == b"one"
    await blobs.put("a", film)
    assert await blobs.get("a") == b"three"


async def test_one_of_many_creators_wins(blobs: Blobs) -> None:
    puts = [blobs.put("a/b/c", str(n).encode(), create_only=True) for n in range(20)]
    results = await asyncio.gather(*puts, return_exceptions=True)
    winners = [n for n, result in enumerate(results) if result is None]
    assert {type(result) for result in results} == {type(None), BlobExists}
    assert [await blobs.get("a/b/c")] == [str(n).encode() for n in winners]


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "..", "a/../b", ".", "a/./b", ".hidden", "a\\b", "é", "a b", "a\0", "a" * 1000, "a\n"],
)
async def test_keys_that_lead_elsewhere_or_mean_something_else_are_refused(blobs: Blobs, key: str) -> None:
    for attempt in (
        blobs.put(key, b""),
        blobs.get(key),
        blobs.head(key),
        blobs.delete(key),
        blobs.get_range(key, 0, 1),
        blobs.opened(key),
        blobs.local_copy(key).__aenter__(),
    ):
        with pytest.raises(BadBlobKey):
            await attempt


async def test_what_is_missing_is_missing(blobs: Blobs) -> None:
    for attempt in (blobs.get("a"), blobs.get_range("a", 0, 1), blobs.local_copy("a").__aenter__()):
        with pytest.raises(BlobMissing):
            await attempt
    await blobs.delete("a")


async def test_what_is_deleted_is_gone_for_everyone(blobs: Blobs) -> None:
    await blobs.put("a", b"one")
    assert await blobs.get_range("a", 0, 3) == b"one"
    await blobs.delete("a")
    assert await blobs.head("a") is None
    for attempt in (blobs.get("a"), blobs.get_range("a", 0, 1), blobs.local_copy("a").__aenter__()):
        with pytest.raises(BlobMissing):
            await attempt


async def test_list_walks_a_folder_and_not_its_neighbours(blobs: Blobs) -> None:
    for key in ("film/1/a", "film/1/b", "film/10/a", "film/2/a", "other"):
        await blobs.put(key, b"x")
    await blobs.delete("film/2/a")
    assert await keys_in(blobs, "film/1") == ["film/1/a", "film/1/b"]
    assert await keys_in(blobs) == ["film/1/a", "film/1/b", "film/10/a", "other"]
    assert await keys_in(blobs, "nothing") == []


async def test_a_long_list_comes_in_pages_and_nothing_twice(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octavo.kernel.blobs._remote.LISTED_AT_ONCE", 3)
    keys = [f"film/{number}/a" for number in (1, 10, 11, 2, 21, 3, 4)]
    await asyncio.gather(*(blobs.put(key, b"x") for key in [*keys, "gilm/1", "efilm/1"]))
    assert await keys_in(blobs, "film") == keys
    for number in (6, 3):  # a page that is just full, and two
        await asyncio.gather(*(blobs.delete(key) for key in keys[number:]))
        assert await keys_in(blobs, "film") == keys[:number]


async def test_a_copy_is_of_the_blob_as_it_is_now(blobs: Blobs) -> None:
    for content in (b"one", b"other"):
        await blobs.put("a", content)
        async with blobs.local_copy("a") as copy:
            assert copy.read_bytes() == content


async def test_the_store_is_tried_out_and_nothing_of_it_stays(blobs: Blobs) -> None:
    await blobs.check()
    assert await keys_in(blobs) == []
