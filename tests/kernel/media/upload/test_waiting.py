"""An upload is finished or ended while others wait for its spool: they leave none behind."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.media.garbage.actions import remove_asset_files
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import actions, queries, sweeping
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.spool import Spool, locked_spool
from octavo.kernel.media.upload.storing import hand_over
from octavo.kernel.refusals import Refusal
from tests.kernel.media.house import TESTED, a_person

CONTENT = os.urandom(1000)


async def sent(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def whole_but_unfinished(ctx: Context) -> Upload:
    """As after a server that died at the last byte."""
    upload = await actions.open_upload(ctx, UploadRequest(TESTED.name, "film.mp4", "video/mp4", len(CONTENT)))
    await actions.receive(ctx, upload.asset_id, sent(CONTENT[:-1]), offset=0, announced=None)
    upload_spool(ctx.blobs, upload.asset_id).write_bytes(CONTENT)
    await ctx.db.main.execute("UPDATE media.upload SET received = length")
    digest = hashlib.sha256(CONTENT).digest()
    await ctx.db.main.execute("INSERT INTO media.upload_part VALUES ($1, 0, $2)", upload.asset_id, digest)
    (upload,) = await queries.whole_but_unfinished(ctx.db.main, limit=9)
    return upload


async def sweep(ctx: Context, upload: Upload) -> None:
    await sweeping.settle_uploads(ctx)


async def ask(ctx: Context, upload: Upload) -> None:
    await actions.standing(ctx, upload.asset_id)


async def send(ctx: Context, upload: Upload) -> None:
    await actions.receive(ctx, upload.asset_id, sent(b""), offset=upload.length, announced=None)


async def finish(ctx: Context, upload: Upload, spool: Spool) -> None:
    await hand_over(ctx, upload, spool)


async def end(ctx: Context, upload: Upload, spool: Spool) -> None:
    await actions.end_upload(ctx, upload.asset_id)
    await remove_asset_files(ctx, upload.asset_id)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once somebody finds that a spool is held by another."""
    found, lock = asyncio.Event(), fcntl.flock

    def try_to_lock(descriptor: int, operation: int) -> None:
        try:
            lock(descriptor, operation)
        except BlockingIOError:
            found.set()
            raise

    monkeypatch.setattr(fcntl, "flock", try_to_lock)
    return found


@pytest.mark.parametrize("meanwhile", [finish, end])
@pytest.mark.parametrize("late", [sweep, ask, send])
async def test_whoever_waited_for_an_upload_that_is_over_leaves_no_spool(
    engines: Engines,
    waited: asyncio.Event,
    late: Callable[[Context, Upload], Awaitable[None]],
    meanwhile: Callable[[Context, Upload, Spool], Awaitable[None]],
) -> None:
    ctx = a_person(engines)
    upload = await whole_but_unfinished(ctx)
    path = upload_spool(ctx.blobs, upload.asset_id)
    async with locked_spool(path) as spool:
        waiting = asyncio.ensure_future(late(ctx, upload))
        await waited.wait()
        await meanwhile(ctx, upload, spool)
    with suppress(Refusal):
        await waiting
    assert not path.exists()
