"""kill -9 of the worker while it joins, fetches and takes in: each file arrives whole, once, and nothing else stays."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from octavo.kernel.context import Context, Engines
from octavo.kernel.identity import create_user
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.places import asset_folder
from octavo.kernel.media.upload import actions
from octavo.kernel.media.upload.fetching.jobs import fetch_source
from octavo.kernel.media.upload.fetching.rows import FetchSource
from octavo.kernel.media.upload.folder import actions as folder_actions
from octavo.kernel.media.upload.folder import jobs as folder_jobs
from octavo.kernel.media.upload.folder.rules import file_id
from octavo.kernel.media.upload.joining.opening import open_joined
from octavo.kernel.media.upload.rows import UploadRequest
from octavo.kernel.media.upload.spool import PART
from tests.harness.receiver import receiving
from tests.kernel.media.house import TESTED, a_person, bytes_of, eventually
from tests.kernel.media.mortal import a_worker

pytestmark = pytest.mark.slow
WORKER = "tests.kernel.media.upload.worker_process"
SIZE = 12 * PART + 4321
KILLS = 3
SETTINGS = """
[jobs]
lease_seconds = 2.0
heartbeat_seconds = 0.5
[outgoing]
allow = ["127.0.0.1"]
[media]
watch_folder = "{folder}"
watch_owner = "ada"
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


async def survived(ctx: Context, content: Path, begun: Callable[[], Awaitable[bool | None]]) -> None:
    """Workers die as soon as `begun`; the last one may live. The asset has the bytes, once, and there is only one."""
    for _ in range(KILLS):
        with a_worker(ctx.engines, WORKER):
            await eventually(begun)
    with a_worker(ctx.engines, WORKER):
        await eventually(lambda: _arrived(ctx))
    asset_id = await ctx.db.main.value("SELECT asset_id FROM media.asset")
    key = await ctx.db.main.value("SELECT source_key FROM media.asset")
    parts = [hashlib.sha256(part).digest() async for part in bytes_of(content, PART)]
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == hashlib.sha256(b"".join(parts)).hexdigest()
    assert await ctx.blobs.get(key) == content.read_bytes()
    assert await ctx.db.main.value("SELECT count(*) FROM media.asset") == 1
    # Whoever takes in makes a new asset at each start: killed before its commit it leaves a file for the sweep.
    assert [blob.key async for blob in ctx.blobs.list(asset_folder(asset_id))] == [key]


async def _arrived(ctx: Context) -> bool | None:
    """The probe that follows finds that these bytes are no film, which is another matter."""
    return await ctx.db.main.value("SELECT source_key FROM media.asset WHERE source_key <> ''") is not None or None


def spooled(ctx: Context, beyond: int) -> Callable[[], Awaitable[bool | None]]:
    """Whether the spool has grown by more than that since it was asked last, or the file has arrived."""
    before = 0

    async def look() -> bool | None:
        nonlocal before
        size = sum(_size(path) for path in (ctx.blobs.spool_dir / "uploads").glob("*"))
        if size > before + beyond:
            before = size
            return True
        return await _arrived(ctx)

    return look


def _size(spool: Path) -> int:
    """None of one that has just gone: its file is in the store."""
    try:
        return spool.stat().st_size
    except FileNotFoundError:
        return 0


def _configure(engines: Engines, tmp_path: Path) -> Path:
    """What the workers read; the watched folder."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    engines.settings.data_dir.mkdir(exist_ok=True)
    (engines.settings.data_dir / "octavo.toml").write_text(SETTINGS.format(folder=folder))
    return folder


async def _one(piece: bytes) -> AsyncIterator[bytes]:
    yield piece


async def test_joining_survives_it(engines: Engines, content: Path, tmp_path: Path) -> None:
    _configure(engines, tmp_path)
    ctx = a_person(engines)
    parts = []
    film = content.read_bytes()
    for piece in (film[: SIZE // 3], film[SIZE // 3 :]):
        part = await actions.open_part(ctx, UploadRequest(TESTED.name, "", "", len(piece)))
        await actions.receive(ctx, part.asset_id, _one(piece), offset=0, announced=None)
        parts.append(part.asset_id)
    await open_joined(ctx, UploadRequest(TESTED.name, "film.mp4", "", 0), "final;", parts)
    await survived(ctx, content, spooled(ctx, PART))
    assert await ctx.db.main.value("SELECT count(*) FROM media.upload WHERE finished_at IS NULL") == 0


async def test_fetching_survives_it(engines: Engines, content: Path, tmp_path: Path) -> None:
    _configure(engines, tmp_path)
    ctx = a_person(engines)
    film = content.read_bytes()

    async def slowly(received: object) -> web.StreamResponse:
        asked = received.headers.get("range", "")  # type: ignore[attr-defined]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        return _Slow(film[start:], start, len(film))

    async with receiving() as receiver:
        receiver.answers["/film.mp4"] = slowly
        request = UploadRequest(TESTED.name, "film.mp4", "", SIZE)
        upload = await actions.open_upload(ctx, request)
        async with ctx.db.main.transaction() as tx:
            sql = "UPDATE media.upload SET url = $2, validator = '\"one\"' WHERE asset_id = $1"
            await tx.execute(sql, upload.asset_id, f"{receiver.url}/film.mp4")
            await enqueue(tx, fetch_source, FetchSource(upload.asset_id))
        await survived(ctx, content, spooled(ctx, PART))


class _Slow(web.Response):
    """About 40 MB a second."""

    def __init__(self, body: bytes, start: int, total: int) -> None:
        headers = {"ETag": '"one"', "Content-Length": str(len(body)), "Content-Type": "video/mp4"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        super().__init__(body=body, status=206 if start else 200, headers=headers)
        self._content = body

    async def write_eof(self, data: bytes = b"") -> None:
        assert self._payload_writer is not None
        for at in range(0, len(self._content), 1 << 20):
            await self._payload_writer.write(self._content[at : at + (1 << 20)])
            await asyncio.sleep(0.025)
        await super().write_eof(b"")


async def test_taking_in_survives_it(engines: Engines, ctx: Context, content: Path, tmp_path: Path) -> None:
    folder = _configure(engines, tmp_path)
    await create_user(ctx, name="Ada", email="ada@example.org", username="ada", password="a long walk by the sea")
    content.rename(folder / "film.mp4")
    await folder_actions.look_around(ctx, folder)
    async with ctx.db.main.transaction() as tx:
        await enqueue(tx, folder_jobs.take_watched_file, folder_jobs.TakeFile(file_id("film.mp4")))
    await survived(ctx, folder / "film.mp4", spooled(ctx, 0))
    assert await ctx.db.main.value("SELECT state FROM media.watched_file") == "taken"
