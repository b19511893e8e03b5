"""Files that are kept open for a moment, and what is known of them meanwhile."""

import asyncio
import os
from pathlib import Path

import pytest

from octavo.kernel.http import _open_file as open_file
from octavo.kernel.http._open_file import READ_TOGETHER, KeptOpen, OpenFile
from octavo.kernel.refusals import NotFound


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.mp4" for number in range(3)]
    for path in paths:
        path.write_bytes(path.name.encode() * 100_000)
    return paths


def is_open(file: OpenFile) -> bool:
    try:
        os.fstat(file.descriptor)
    except OSError:
        return False
    return True


def test_a_file_is_closed_when_the_last_who_holds_it_closes_it(films: list[Path]) -> None:
    with OpenFile(films[0]) as file:
        file.hold()
    assert is_open(file)
    file.close()
    assert not is_open(file)


def test_what_is_no_file_is_not_found(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none", tmp_path / "none" / "at all"):
        with pytest.raises(NotFound):
            OpenFile(path)


async def test_a_kept_file_is_opened_once_and_closed_after_a_moment(
    films: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_file, "KEPT_SECONDS", 0.2)
    kept = KeptOpen()
    file = kept.hold(films[0])
    assert kept.hold(films[0]) is file
    for _ in range(2):
        file.close()
    assert is_open(file)
    async with asyncio.timeout(60):
        while is_open(file):
            await asyncio.sleep(0.01)
    later = kept.hold(films[1])
    await asyncio.sleep(0.5)
    assert is_open(later)
    later.close()
    assert not is_open(later)


async def test_only_so_many_are_kept(films: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_file, "MOST_KEPT", 2)
    kept = KeptOpen()
    files = [kept.hold(path) for path in films]
    for file in files:
        file.close()
    assert [is_open(file) for file in files] == [False, True, True]
    kept.close()
    assert not any(is_open(file) for file in files)


def test_what_was_seen_in_the_page_cache_is_relied_on_until_it_is_forgotten(
    films: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[int, int]] = []
    found = True

    def look(_: int, start: int, end: int) -> bool:
        looks.append((start, end))
        return found

    monkeypatch.setattr(open_file, "_needs_no_disk", look)
    with OpenFile(films[0]) as file:
        for start, end in ((0, 10), (5, READ_TOGETHER), (0, file.size), (file.size - 1, file.size)):
            assert file.is_cached(start, end)
        assert looks == [(0, 10), (0, file.size)]
        file.forget()
        found = False
        assert not file.is_cached(0, 10)
        assert not file.is_cached(0, 10)
        file.saw(*file.read_together(10, 20))
        assert file.is_cached(0, READ_TOGETHER)
        assert not file.is_cached(0, READ_TOGETHER + 1)
        assert file.read_together(READ_TOGETHER + 1, file.size - 1) == (READ_TOGETHER, file.size)


def test_a_look_at_the_page_cache_finds_what_was_just_written(films: list[Path]) -> None:
    with OpenFile(films[0]) as file:
        assert file.is_cached(0, file.size)
