"""Bytes arrive, break off, go on, collide and end; what is promised is on the disk."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace as renewed
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import ClientGone
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import actions, queries, rules, sweeping
from octavo.kernel.media.upload.blocks import SenderSilent
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.spool import PART
from octavo.kernel.refusals import Gone, NotFound
from tests.harness.locks import until_waiting
from tests.kernel.media.house import TESTED, a_person, settled, view_of

CONTENT = os.urandom(2 * PART + 12345)


async def opened(ctx: Context, length: int = len(CONTENT), filename: str = "film.mp4") -> Upload:
    return await actions.open_upload(ctx, UploadRequest(TESTED.name, filename, "video/mp4", length))


async def sent(data: bytes, *, breaks_off: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 300_000):
        yield data[start : start + 300_000]
    if breaks_off:
        raise ClientGone


async def received(ctx: Context, upload: Upload, data: bytes, offset: int = 0) -> Upload:
    return await actions.receive(ctx, upload.asset_id, sent(data), offset=offset, announced=len(data))


async def stored(ctx: Context, asset_id: UUID) -> bytes:
    key = await ctx.db.main.value("SELECT source_key FROM media.asset WHERE asset_id = $1", asset_id)
    return ctx.blobs.local_path(key).read_bytes()


def hash_of(content: bytes) -> str:
    parts = [hashlib.sha256(content[at : at + PART]).digest() for at in range(0, len(content), PART)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


async def probes(ctx: Context) -> int:
    count: int = await ctx.db.main.value("SELECT count(*) FROM jobs.job WHERE name = 'media.probe_source'")
    return count


async def test_a_whole_file_is_stored_hashed_and_probed_once(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await received(ctx, await opened(ctx), CONTENT)
    assert upload.whole
    assert await stored(ctx, upload.asset_id) == CONTENT
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == hash_of(CONTENT)
    assert await probes(ctx) == 1
    assert not upload_spool(ctx.blobs, upload.asset_id).exists()
    view = await view_of(ctx, upload.asset_id)
    assert view is not None
    assert (view.state, view.size, view.filename) == ("uploaded", len(CONTENT), "film.mp4")


async def test_an_upload_goes_on_where_it_broke_off(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    at = PART + 54321
    with pytest.raises(ClientGone):
        await actions.receive(ctx, upload.asset_id, sent(CONTENT[:at], breaks_off=True), offset=0, announced=None)
    upload = await queries.upload_of(ctx.db.main, upload.asset_id, ctx.actor.user_id)
    assert upload.received == at
    await received(ctx, upload, CONTENT[at:], at)
    assert await stored(ctx, upload.asset_id) == CONTENT
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == hash_of(CONTENT)


async def test_how_much_has_arrived_is_shown_while_it_arrives(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    assert (await settled(ctx, upload.asset_id, "uploading")).progress == 0
    await received(ctx, upload, CONTENT[: len(CONTENT) // 4])
    assert (await settled(ctx, upload.asset_id, "uploading")).progress == pytest.approx(0.25, abs=0.01)


async def test_bytes_that_no_row_promised_are_written_again(engines: Engines) -> None:
    """As after kill -9 of the server between writing to the spool and the commit."""
    ctx = a_person(engines)
    upload = await received(ctx, await opened(ctx), CONTENT[:1000])
    with upload_spool(ctx.blobs, upload.asset_id).open("ab") as spool:
        spool.write(b"lost in the crash" * 1000)
    await received(ctx, upload, CONTENT[1000:], 1000)
    assert await stored(ctx, upload.asset_id) == CONTENT


async def test_an_upload_whose_spool_lost_bytes_goes_on_from_the_last_whole_part(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await received(ctx, await opened(ctx), CONTENT[: PART + 500])
    os.truncate(upload_spool(ctx.blobs, upload.asset_id), PART + 400)
    with pytest.raises(rules.OffsetConflict):
        await received(ctx, upload, CONTENT[PART + 500 :], PART + 500)
    upload = await queries.upload_of(ctx.db.main, upload.asset_id, ctx.actor.user_id)
    assert upload.received == PART
    await received(ctx, upload, CONTENT[PART:], PART)
    assert await stored(ctx, upload.asset_id) == CONTENT
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == hash_of(CONTENT)


async def test_of_two_writers_one_is_told_to_wait(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield CONTENT[:100]
        started.set()
        await go_on.wait()
        yield CONTENT[100:]

    first = asyncio.create_task(actions.receive(ctx, upload.asset_id, slow(), offset=0, announced=None))
    await started.wait()
    with pytest.raises(rules.UploadBusy):
        await received(ctx, upload, CONTENT)
    go_on.set()
    await first
    assert await stored(ctx, upload.asset_id) == CONTENT


async def test_a_server_that_died_at_the_last_byte_is_made_good(engines: Engines) -> None:
    """All bytes are stored and in the row, but the upload was never finished."""
    ctx = a_person(engines)
    upload = await received(ctx, await opened(ctx), CONTENT[:-1])
    spool = upload_spool(ctx.blobs, upload.asset_id)
    spool.write_bytes(CONTENT)
    await ctx.db.main.execute("UPDATE media.upload SET received = length")
    await ctx.db.main.execute(
        "INSERT INTO media.upload_part VALUES ($1, 2, $2)",
        upload.asset_id,
        hashlib.sha256(CONTENT[2 * PART :]).digest(),
    )
    await sweeping.settle_uploads(ctx)
    assert await stored(ctx, upload.asset_id) == CONTENT
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == hash_of(CONTENT)
    assert await probes(ctx) == 1
    assert not spool.exists()


async def test_an_upload_that_nobody_continues_is_forgotten_with_its_bytes(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await received(ctx, await opened(ctx), CONTENT[:1000])
    lifetime = timedelta(seconds=ctx.settings.media.upload_lifetime)
    await sweeping.settle_uploads(renewed(ctx, now=ctx.now + lifetime - timedelta(minutes=1)))
    assert await view_of(ctx, upload.asset_id) is not None
    await sweeping.settle_uploads(renewed(ctx, now=ctx.now + lifetime + timedelta(minutes=1)))
    assert await view_of(ctx, upload.asset_id) is None
    with pytest.raises(NotFound):
        await received(ctx, upload, CONTENT[1000:], 1000)


async def test_an_upload_that_goes_on_at_the_last_moment_is_not_forgotten(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    await ctx.db.main.execute("UPDATE media.upload SET expires_at = $1", ctx.now - timedelta(seconds=1))
    (listed,) = await queries.overdue_uploads(ctx.db.main, ctx.now, limit=9)
    await received(ctx, upload, CONTENT)
    await sweeping.expire(ctx, listed)
    view = await view_of(ctx, upload.asset_id)
    assert view is not None
    assert view.state == "uploaded"


async def test_ending_an_upload_that_is_just_being_finished_waits_its_turn(engines: Engines) -> None:
    """Whoever holds the upload goes on to its asset; who wants both has to come the same way."""
    ctx = a_person(engines)
    upload = await opened(ctx)
    async with ctx.db.main.transaction() as tx:
        await tx.execute("UPDATE media.upload SET finished_at = $2 WHERE asset_id = $1", upload.asset_id, ctx.now)
        ending = asyncio.create_task(actions.end_upload(ctx, upload.asset_id))
        await until_waiting(engines, 1)
        await tx.execute("UPDATE media.asset SET state = 'uploaded' WHERE asset_id = $1", upload.asset_id)
    await ending
    assert await view_of(ctx, upload.asset_id) is None


async def test_only_its_owner_sees_or_continues_an_upload(engines: Engines) -> None:
    ctx, stranger = a_person(engines), a_person(engines)
    upload = await opened(ctx)
    with pytest.raises(NotFound):
        await received(stranger, upload, CONTENT)
    with pytest.raises(NotFound):
        await actions.end_upload(stranger, upload.asset_id)
    assert not upload_spool(ctx.blobs, upload.asset_id).exists()


async def test_ending_an_upload_stops_the_sender(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield CONTENT[:100]
        started.set()
        await go_on.wait()
        yield CONTENT[100:]

    sending = asyncio.create_task(actions.receive(ctx, upload.asset_id, slow(), offset=0, announced=None))
    await started.wait()
    await actions.end_upload(ctx, upload.asset_id)
    go_on.set()
    with pytest.raises(Gone):
        await sending
    assert await view_of(ctx, upload.asset_id) is None


async def test_a_plain_form_that_breaks_off_leaves_nothing(engines: Engines, tmp_path: Path) -> None:
    ctx = a_person(engines)
    with pytest.raises(ClientGone):
        await actions.receive_whole(ctx, sent(CONTENT, breaks_off=True), "film.mp4", TESTED.name)
    assert await ctx.db.main.value("SELECT count(*) FROM media.asset") == 0
    assert not list((ctx.blobs.spool_dir / "uploads").iterdir())


async def test_a_sender_who_falls_silent_is_let_go_and_its_bytes_are_kept(engines: Engines) -> None:
    media = type(engines.settings.media)(upload_stall=0.2)
    engines = renewed(engines, settings=type(engines.settings)(data_dir=engines.settings.data_dir, media=media))
    ctx = a_person(engines)
    upload = await opened(ctx)

    async def silent() -> AsyncIterator[bytes]:
        yield CONTENT[:1000]
        await asyncio.Event().wait()

    with pytest.raises(SenderSilent):
        await actions.receive(ctx, upload.asset_id, silent(), offset=0, announced=len(CONTENT))
    await received(ctx, upload, CONTENT[1000:], 1000)
    assert await stored(ctx, upload.asset_id) == CONTENT
