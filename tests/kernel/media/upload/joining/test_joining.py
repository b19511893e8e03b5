"""Parts that came side by side become one file, with the bytes, the hash and the quota of one that came whole."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace as renewed
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec import structs

from octavo.kernel.context import Context, Engines
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import actions, queries, rules, sweeping
from octavo.kernel.media.upload.joining import actions as joining
from octavo.kernel.media.upload.joining.opening import open_joined
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.spool import PART
from octavo.kernel.refusals import Conflict, Forbidden, NotFound, UnsupportedMedia
from tests.kernel.media.house import TESTED, a_person, settled, view_of, working

CONTENT = os.urandom(2 * PART + 12345)
THIRDS = [CONTENT[: PART + 7], CONTENT[PART + 7 : PART + 70_000], CONTENT[PART + 70_000 :]]


async def sent(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 300_000):
        yield data[start : start + 300_000]


async def a_part(ctx: Context, data: bytes, *, of: int | None = None) -> Upload:
    part = await actions.open_part(ctx, UploadRequest(TESTED.name, "", "", of or len(data)))
    return await actions.receive(ctx, part.asset_id, sent(data), offset=0, announced=None)


async def parts_of(ctx: Context, contents: list[bytes]) -> list[UUID]:
    parts = await asyncio.gather(*[a_part(ctx, content) for content in contents])
    return [part.asset_id for part in parts]


async def joined(ctx: Context, parts: list[UUID], filename: str = "film.mp4") -> Upload:
    concat = "final;" + " ".join(f"/api/media/v1/uploads/{part}" for part in parts)
    return await open_joined(ctx, UploadRequest(TESTED.name, filename, "", 0), concat, parts)


async def spools(ctx: Context) -> int:
    return len(list((ctx.blobs.spool_dir / "uploads").iterdir()))


async def test_parts_that_came_side_by_side_are_one_file_with_the_hash_of_one(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await joined(ctx, await parts_of(ctx, THIRDS))
    assert (upload.received, upload.length) == (0, len(CONTENT))
    await joining.join_parts(ctx, upload.asset_id)
    view = await view_of(ctx, upload.asset_id)
    assert view is not None
    assert (view.state, view.size, view.filename) == ("uploaded", len(CONTENT), "film.mp4")
    key, digest = [
        await ctx.db.main.value(f"SELECT {column} FROM media.asset") for column in ("source_key", "src_sha256")
    ]
    assert await ctx.blobs.get(key) == CONTENT
    hashes = [hashlib.sha256(CONTENT[at : at + PART]).digest() for at in range(0, len(CONTENT), PART)]
    assert digest == hashlib.sha256(b"".join(hashes)).hexdigest()
    assert await spools(ctx) == 0
    assert await ctx.db.main.value("SELECT count(*) FROM media.upload") == 1


async def test_the_worker_joins_them(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await joined(ctx, await parts_of(ctx, THIRDS))
    async with working(engines, "intake"):
        view = await settled(ctx, upload.asset_id, "uploaded", "failed")
    assert view.state == "uploaded"


async def test_joining_goes_on_where_a_crash_left_it(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await joined(ctx, await parts_of(ctx, THIRDS))
    spool = upload_spool(ctx.blobs, upload.asset_id)
    spool.write_bytes(CONTENT[: PART + 99_999])
    await ctx.db.main.execute("UPDATE media.upload SET received = $1 WHERE asset_id = $2", PART, upload.asset_id)
    await ctx.db.main.execute(
        "INSERT INTO media.upload_part VALUES ($1, 0, $2)", upload.asset_id, hashlib.sha256(CONTENT[:PART]).digest()
    )
    await joining.join_parts(ctx, upload.asset_id)
    key = await ctx.db.main.value("SELECT source_key FROM media.asset")
    assert await ctx.blobs.get(key) == CONTENT


async def test_joining_twice_is_joining_once(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await joined(ctx, await parts_of(ctx, THIRDS))
    await joining.join_parts(ctx, upload.asset_id)
    await joining.join_parts(ctx, upload.asset_id)
    assert await ctx.db.main.value("SELECT count(*) FROM jobs.job WHERE name = 'media.probe_source'") == 1


async def test_parts_are_joined_once_and_whole(engines: Engines) -> None:
    ctx, stranger = a_person(engines), a_person(engines)
    first, second = await parts_of(ctx, THIRDS[:2])
    half = (await a_part(ctx, b"half of it", of=20)).asset_id
    plain = await actions.open_upload(ctx, UploadRequest(TESTED.name, "film.mp4", "", 10))
    for wanted in ([first, first], [first, half], [first, plain.asset_id], [first, UUID(int=7)]):
        with pytest.raises(rules.PartsUnfit):
            await joined(ctx, wanted)
    with pytest.raises(rules.PartsUnfit):
        await joined(stranger, [first, second])
    with pytest.raises(UnsupportedMedia):
        await joined(ctx, [first, second], "letter.pdf")
    await joined(ctx, [first, second])
    with pytest.raises(rules.PartsUnfit):
        await joined(ctx, [second])


async def test_nobody_sends_bytes_to_what_is_joined_or_joining(engines: Engines) -> None:
    ctx = a_person(engines)
    parts = await parts_of(ctx, THIRDS)
    upload = await joined(ctx, parts)
    for wanted in (upload.asset_id, parts[0]):
        with pytest.raises(Forbidden):
            await actions.receive(ctx, wanted, sent(b"more"), offset=0, announced=4)
    with pytest.raises(Conflict):
        await actions.end_upload(ctx, parts[0])


async def test_a_part_that_is_given_up_leaves_nothing(engines: Engines) -> None:
    ctx = a_person(engines)
    part = await a_part(ctx, THIRDS[0])
    await actions.end_upload(ctx, part.asset_id)
    assert await spools(ctx) == 0
    with pytest.raises(NotFound):
        await queries.upload_of(ctx.db.main, part.asset_id, ctx.actor.user_id)


async def test_ending_the_whole_ends_its_parts(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await joined(ctx, await parts_of(ctx, THIRDS))
    await actions.end_upload(ctx, upload.asset_id)
    await joining.join_parts(ctx, upload.asset_id)
    assert await spools(ctx) == 0
    assert await ctx.db.main.value("SELECT count(*) FROM media.upload") == 0


async def test_parts_that_nobody_joins_are_forgotten_with_their_bytes(engines: Engines) -> None:
    ctx = a_person(engines)
    await parts_of(ctx, THIRDS)
    lifetime = timedelta(seconds=ctx.settings.media.upload_lifetime)
    await sweeping.settle_uploads(renewed(ctx, now=ctx.now + lifetime + timedelta(minutes=1)))
    assert await ctx.db.main.value("SELECT count(*) FROM media.upload") == 0
    assert await spools(ctx) == 0


async def test_parts_count_towards_the_quota_and_are_not_counted_twice_when_joined(engines: Engines) -> None:
    media = structs.replace(engines.settings.media, quota_bytes=len(CONTENT))
    ctx = a_person(renewed(engines, settings=structs.replace(engines.settings, media=media)))
    parts = await parts_of(ctx, THIRDS)
    with pytest.raises(rules.QuotaReached):
        await a_part(ctx, b"one more")
    await joined(ctx, parts)
    with pytest.raises(rules.QuotaReached):
        await a_part(ctx, b"one more")


async def test_a_film_whose_part_is_lost_says_so(engines: Engines) -> None:
    ctx = a_person(engines)
    parts = await parts_of(ctx, THIRDS)
    upload = await joined(ctx, parts)
    upload_spool(ctx.blobs, parts[1]).unlink()
    async with working(engines, "intake"):
        view = await settled(ctx, upload.asset_id, "uploaded", "failed")
    assert "lost" in view.failure
