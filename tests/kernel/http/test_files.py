"""Files arrive whole or in the part that was asked for, and not again while they are unchanged."""

import os
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Answer, FileRange, Router, granted
from octavo.kernel.http._files import Unsatisfiable, parse_range
from tests.kernel.http.small_house import house_of

CONTENT = bytes(range(256)) * 12_000  # about 3 MB: several chunks
open_to_tests = granted("anyone", "a test")


class Memory:
    """Bytes that are no file."""

    size = len(CONTENT)
    etag = "memory-1"

    async def read(self, start: int, length: int) -> bytes:
        return CONTENT[start : start + length]


def routes(folder: Path) -> Router:
    router = Router("/t", product="test")

    @router.get("/film", access=open_to_tests)
    async def film(ctx: Context) -> FileRange:
        return FileRange(folder / "film.mp4", content_type="video/mp4", immutable=True)

    @router.get("/memory", access=open_to_tests)
    async def memory(ctx: Context) -> Answer:
        return Answer(FileRange(Memory(), content_type="video/mp4"), headers={"X-Extra": "1"})

    @router.get("/report", access=open_to_tests)
    async def report(ctx: Context) -> FileRange:
        return FileRange(folder / "film.mp4", etag="v7", download_as="Bericht über Fähren.csv")

    @router.get("/gone", access=open_to_tests)
    async def gone(ctx: Context) -> FileRange:
        return FileRange(folder / "gone.mp4")

    @router.get("/folder", access=open_to_tests)
    async def a_folder(ctx: Context) -> FileRange:
        return FileRange(folder)

    return router


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "film.mp4").write_bytes(CONTENT)
    os.utime(tmp_path / "film.mp4", (1_700_000_000, 1_700_000_000))
    return tmp_path


async def get(engines: Engines, folder: Path, path: str, **headers: str) -> httpx.Response:
    async with house_of(engines, *routes(folder).routes) as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("path", ["/t/film", "/t/memory"])
async def test_a_file_arrives_whole(engines: Engines, folder: Path, path: str) -> None:
    answer = await get(engines, folder, path)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize("path", ["/t/film", "/t/memory"])
@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-599999", 100, 600_000),
        ("bytes=3000000-", 3_000_000, len(CONTENT)),
        ("bytes=-5", len(CONTENT) - 5, len(CONTENT)),
        ("bytes=-99999999", 0, len(CONTENT)),
        ("bytes=5-99999999", 5, len(CONTENT)),
    ],
)
async def test_a_part_arrives(engines: Engines, folder: Path, path: str, wanted: str, start: int, end: int) -> None:
    answer = await get(engines, folder, path, range=wanted)
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.content == CONTENT[start:end]


@pytest.mark.parametrize("wanted", [f"bytes={len(CONTENT)}-", "bytes=-0", "bytes=99999999999-"])
async def test_a_part_beyond_the_end_is_refused(engines: Engines, folder: Path, wanted: str) -> None:
    answer = await get(engines, folder, "/t/film", range=wanted)
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert answer.content == b""


@pytest.mark.parametrize("wanted", ["bytes=5-1", "bytes=0-1,4-5", "items=0-1", "bytes=-", "bytes=a-b", "nonsense"])
async def test_a_range_that_we_do_not_serve_gets_the_whole(engines: Engines, folder: Path, wanted: str) -> None:
    answer = await get(engines, folder, "/t/film", range=wanted)
    assert answer.status_code == 200
    assert answer.content == CONTENT


async def test_an_unchanged_file_is_not_sent_again(engines: Engines, folder: Path) -> None:
    first = await get(engines, folder, "/t/film")
    by_tag = await get(engines, folder, "/t/film", if_none_match=first.headers["etag"])
    by_date = await get(engines, folder, "/t/film", if_modified_since=first.headers["last-modified"])
    earlier = await get(engines, folder, "/t/film", if_modified_since="Tue, 01 Jan 2019 00:00:00 GMT")
    assert [answer.status_code for answer in (first, by_tag, by_date, earlier)] == [200, 304, 304, 200]
    assert first.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert by_tag.content == b""


@pytest.mark.parametrize(
    "date", ["Tue, 01 Jan 2019 00:00:00 -0000", "Tue, 01 Jan 2019 00:00:00", "1 Jan 2019 0:0:0 +999999999999", "soon"]
)
async def test_an_odd_date_is_no_reason_to_fail(engines: Engines, folder: Path, date: str) -> None:
    since = await get(engines, folder, "/t/film", if_modified_since=date)
    part = await get(engines, folder, "/t/film", range="bytes=0-9", if_range=date)
    assert (since.status_code, part.status_code) == (200, 200)


async def test_a_part_is_given_only_of_the_file_the_client_knows(engines: Engines, folder: Path) -> None:
    tag = (await get(engines, folder, "/t/film")).headers["etag"]
    conditions = {tag: 206, '"other"': 200, f"W/{tag}": 200, "Tue, 14 Nov 2023 22:13:20 GMT": 206, "soon": 200}
    for condition, status in conditions.items():
        answer = await get(engines, folder, "/t/film", range="bytes=0-9", if_range=condition)
        assert answer.status_code == status, condition


async def test_headers_say_how_long_to_keep_a_file(engines: Engines, folder: Path) -> None:
    film, memory = await get(engines, folder, "/t/film"), await get(engines, folder, "/t/memory")
    assert film.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert memory.headers["cache-control"] == "private, no-cache"
    assert memory.headers["etag"] == '"memory-1"'
    assert memory.headers["x-extra"] == "1"


async def test_a_download_has_a_name(engines: Engines, folder: Path) -> None:
    answer = await get(engines, folder, "/t/report")
    expected = (
        "attachment; filename=\"Bericht _ber F_hren.csv\"; filename*=UTF-8''Bericht%20%C3%BCber%20F%C3%A4hren.csv"
    )
    assert answer.headers["content-disposition"] == expected
    assert answer.headers["etag"] == '"v7"'


@pytest.mark.parametrize("path", ["/t/gone", "/t/folder"])
async def test_a_file_that_is_gone_is_not_found(engines: Engines, folder: Path, path: str) -> None:
    assert (await get(engines, folder, path)).status_code == 404


async def test_head_tells_the_size_and_sends_nothing(engines: Engines, folder: Path) -> None:
    async with house_of(engines, *routes(folder).routes) as client:
        answer = await client.head("/t/film", headers={"range": "bytes=0-9"})
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.content == b""


@given(wanted=st.from_regex(rb"bytes=\d{0,4}-\d{0,4}", fullmatch=True), size=st.integers(0, 500))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_part_always_lies_within_the_file(wanted: bytes, size: int) -> None:
    try:
        part = parse_range(wanted, size)
    except Unsatisfiable:
        return
    if part is not None:
        assert 0 <= part[0] < part[1] <= size


async def test_built_files_are_found_packed_and_kept(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "octavo-1a2b3c4d.js").write_text("let plain;")
    (tmp_path / "dist" / "octavo-1a2b3c4d.js.br").write_bytes(b"packed")
    (tmp_path / "dist" / "manifest.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    async with house_of(engines, dist=tmp_path / "dist") as client:
        packed = await client.get("/static/octavo-1a2b3c4d.js", headers={"accept-encoding": "gzip, br"})
        plain = await client.get("/static/octavo-1a2b3c4d.js", headers={"accept-encoding": "identity"})
        manifest = await client.get("/static/manifest.json")
        outside = await client.get("/static/..%2Fsecret.txt")
        endless = await client.get(f"/static/{'a' * 300}.js")
    assert packed.headers["content-encoding"] == "br"
    assert packed.headers["content-type"] == plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in plain.headers["cache-control"]
    assert plain.text == "let plain;"
    assert "immutable" not in manifest.headers["cache-control"]
    assert (outside.status_code, endless.status_code) == (404, 404)
