"""With a store that is far away, the sender is answered when its bytes are here; a job brings them there."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace as renewed
from pathlib import Path

import pytest
from msgspec import structs

from octavo.kernel.blobs import open_blobs
from octavo.kernel.context import Context, Engines
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import actions, sweeping
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.spool import PART
from tests.kernel.blobs.stores import made_bucket, s3_settings
from tests.kernel.media.house import TESTED, a_person, eventually, settled, working

pytestmark = pytest.mark.slow
CONTENT = os.urandom(2 * PART + 12345)


@pytest.fixture
def ctx(engines: Engines, tmp_path: Path, moto: str) -> Context:
    """Somebody on an Octavo whose files lie in S3."""
    blobs = s3_settings(tmp_path, moto, made_bucket(moto)).blobs
    settings = structs.replace(engines.settings, blobs=blobs)
    return a_person(renewed(engines, settings=settings, blobs=open_blobs(settings)))


async def sent(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 300_000):
        yield data[start : start + 300_000]


async def uploaded(ctx: Context) -> Upload:
    upload = await actions.open_upload(ctx, UploadRequest(TESTED.name, "film.mp4", "video/mp4", len(CONTENT)))
    return await actions.receive(ctx, upload.asset_id, sent(CONTENT), offset=0, announced=None)


async def assert_stored(ctx: Context) -> None:
    key = await ctx.db.main.value("SELECT source_key FROM media.asset")
    assert await ctx.blobs.get(key) == CONTENT
    assert [blob.key async for blob in ctx.blobs.list("media")] == [key]


async def test_a_job_brings_the_file_to_the_store(ctx: Context) -> None:
    upload = await uploaded(ctx)
    assert (upload.received, upload.finished_at) == (len(CONTENT), None)
    async with working(ctx.engines, "intake"):
        assert (await settled(ctx, upload.asset_id, "uploaded")).size == len(CONTENT)
        await eventually(lambda: _gone(upload_spool(ctx.blobs, upload.asset_id)))
    await assert_stored(ctx)


async def test_whoever_asks_again_hears_that_all_is_here_and_no_second_job_comes_of_it(ctx: Context) -> None:
    upload = await uploaded(ctx)
    assert (await actions.standing(ctx, upload.asset_id)).received == len(CONTENT)
    await sweeping.settle_uploads(ctx)
    assert await ctx.db.main.value("SELECT count(*) FROM jobs.job WHERE name = 'media.store_upload'") == 1


async def test_an_upload_that_is_ended_before_it_is_stored_leaves_nothing_there(ctx: Context) -> None:
    upload = await uploaded(ctx)
    await actions.end_upload(ctx, upload.asset_id)
    async with working(ctx.engines, "intake", "default"):
        await eventually(lambda: _no_jobs(ctx))
    assert [blob.key async for blob in ctx.blobs.list("media")] == []
    assert not upload_spool(ctx.blobs, upload.asset_id).exists()


async def test_a_plain_form_is_stored_when_it_is_answered(ctx: Context) -> None:
    await actions.receive_whole(ctx, sent(CONTENT), "film.mp4", TESTED.name)
    await assert_stored(ctx)


async def _gone(path: Path) -> bool | None:
    return not path.exists() or None


async def _no_jobs(ctx: Context) -> bool | None:
    return await ctx.db.main.value("SELECT count(*) FROM jobs.job") == 0 or None
