"""Writing uploads: open one, receive its bytes, finish it, end it."""

import asyncio
import math
from collections.abc import AsyncIterable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.asset.actions import delete_asset, insert_asset
from octavo.kernel.media.asset.queries import bytes_of_owner
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.places import source_key, upload_spool
from octavo.kernel.media.processing.jobs import probe_source
from octavo.kernel.media.processing.rows import ProbeSource
from octavo.kernel.media.purposes import NewAsset, Purpose, purpose_named
from octavo.kernel.media.upload import queries, rules
from octavo.kernel.media.upload.receiving import Receiving, arriving, check_disk, resume
from octavo.kernel.media.upload.rows import Upload, UploadRequest
from octavo.kernel.media.upload.rules import UploadBusy
from octavo.kernel.media.upload.spool import PART, Spool, locked_spool
from octavo.kernel.refusals import Unauthenticated

SETTLED_AT_A_TIME = 200


async def open_upload(ctx: Context, request: UploadRequest) -> Upload:
    """Make the asset and its upload. Everything that can be refused by what was announced is refused here."""
    owner_id = owner_of_new(ctx)
    purpose = purpose_named(request.purpose)
    rules.check_announced(request, purpose, largest=ctx.settings.media.max_upload_bytes)
    check_disk(ctx, request.length)
    new = NewAsset(new_id(), owner_id, rules.safe_filename(request.filename), purpose.name, request.belongs_to)
    expires_at = ctx.now + timedelta(seconds=ctx.settings.media.upload_lifetime)
    async with ctx.db.main.transaction() as tx:
        await admit(ctx, tx, purpose, new, request.length)
        await tx.execute(
            "INSERT INTO media.upload (asset_id, length, expires_at) VALUES ($1, $2, $3)",
            new.asset_id, request.length, expires_at,
        )  # fmt: skip
    return await queries.upload_of(ctx.db.main, new.asset_id, owner_id)


async def standing(ctx: Context, asset_id: AssetId) -> Upload:
    """Where the upload stands, once the request that was writing it, if any, has told what it stored."""
    upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
    if upload.finished_at is None:
        with suppress(UploadBusy):
            async with locked_spool(upload_spool(ctx.blobs, asset_id)) as spool:
                upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
                await _finish_interrupted(ctx, upload, spool)
    return await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)


async def receive(
    ctx: Context, asset_id: AssetId, body: AsyncIterable[bytes], *, offset: int, announced: int | None
) -> Upload:
    """Append the body at `offset`. Whatever of it arrived is kept, also when the sender goes away in the middle."""
    # Nobody makes a spool for an upload that is not theirs.
    await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
    async with locked_spool(upload_spool(ctx.blobs, asset_id)) as spool:
        # Read under the lock: the offset that another writer left is the one that counts.
        upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
        rules.check_append(upload, offset=offset, announced=announced)
        if upload.finished_at is not None:
            spool.path.unlink(missing_ok=True)
            return upload
        await resume(ctx, upload, spool)
        received = await Receiving(ctx, upload, spool).run(body)
        upload = replace(upload, received=received)
        if upload.whole:
            await finish_upload(ctx, upload, spool)
    return upload


async def finish_upload(ctx: Context, upload: Upload, spool: Spool) -> None:
    """Hand the whole file over to processing, once.

    The file keeps its name in the spool until after the commit: a crash before it is repaired by calling this again.
    """
    parts = await queries.part_hashes(ctx.db.main, upload.asset_id)
    assert len(parts) == math.ceil(upload.length / PART), "every part was hashed when it was settled"
    source_hash = rules.source_hash(part.sha256 for part in parts)
    async with ctx.db.main.transaction() as tx:
        finished = await tx.execute(
            "UPDATE media.upload SET finished_at = $2 WHERE asset_id = $1 AND finished_at IS NULL",
            upload.asset_id, ctx.now,
        )  # fmt: skip
        if finished:
            await take_file(ctx, tx, upload.asset_id, spool, source_hash)
    spool.path.unlink(missing_ok=True)


async def take_file(ctx: Context, tx: Transaction, asset_id: AssetId, spool: Spool, source_hash: str) -> None:
    """Put the file into the store, which costs no copy, and set its processing going."""
    key = source_key(asset_id, source_hash)
    await ctx.blobs.put(key, spool.path)
    await tx.execute(
        """
        UPDATE media.asset
        SET state = 'uploaded', size = $2, src_sha256 = $3, source_key = $4, changed_at = $5
        WHERE asset_id = $1 AND state = 'uploading'
        """,
        asset_id, spool.size, source_hash, key, ctx.now,
    )  # fmt: skip
    await tell_change(tx, AssetChanged(asset_id, "uploaded"))
    await enqueue(tx, probe_source, ProbeSource(asset_id), key=f"{asset_id}:probe")


async def receive_whole(
    ctx: Context,
    stream: AsyncIterable[bytes],
    filename: str,
    purpose: str,
    *,
    filetype: str = "",
    announced: int = 1,
    belongs_to: UUID | None = None,
) -> NewAsset:
    """A file from a plain form, in one request. No row knows of it before it is whole, so a broken one leaves nothing.

    `announced` is the whole request's length, where the browser told one: all that is known before the first byte.
    """
    kind = purpose_named(purpose)
    new = NewAsset(new_id(), owner_of_new(ctx), rules.safe_filename(filename), kind.name, belongs_to)
    largest = ctx.settings.media.max_upload_bytes
    rules.check_announced(UploadRequest(purpose, new.filename, filetype, max(1, announced)), kind, largest=largest)
    check_disk(ctx, announced)
    async with locked_spool(upload_spool(ctx.blobs, new.asset_id)) as spool:
        try:
            async for block in arriving(ctx, stream):
                rules.check_size(spool.size + len(block), kind, largest=largest)
                await asyncio.to_thread(spool.append, block)
            rules.check_announced(UploadRequest(purpose, new.filename, filetype, spool.size), kind, largest=largest)
            parts = await asyncio.to_thread(spool.settle)
            last = spool.last_part()
            source_hash = rules.source_hash(part.sha256 for part in (*parts, *([last] if last else [])))
            async with ctx.db.main.transaction() as tx:
                await admit(ctx, tx, kind, new, spool.size)
                await take_file(ctx, tx, new.asset_id, spool, source_hash)
        finally:
            spool.path.unlink(missing_ok=True)
    return new


async def settle_uploads(ctx: Context) -> None:
    """Finish the uploads whose server died at the last byte, and forget those that nobody continues."""
    for upload in await queries.whole_but_unfinished(ctx.db.main, limit=SETTLED_AT_A_TIME):
        with suppress(UploadBusy):  # its sender has come back, and finishes it by itself
            async with locked_spool(upload_spool(ctx.blobs, upload.asset_id)) as spool:
                await _finish_interrupted(ctx, upload, spool)
    for upload in await queries.overdue_uploads(ctx.db.main, ctx.now, limit=SETTLED_AT_A_TIME):
        await _expire(ctx, upload)


async def _finish_interrupted(ctx: Context, upload: Upload, spool: Spool) -> None:
    if upload.whole and upload.finished_at is None:
        size = await asyncio.to_thread(spool.resume, upload.received)
        if size == upload.length:
            await finish_upload(ctx, upload, spool)


async def _expire(ctx: Context, upload: Upload) -> None:
    """A finished upload only loses its row; of an unfinished one everything goes, unless its sender has come back."""
    async with ctx.db.main.transaction() as tx:
        unfinished = await tx.value(
            "DELETE FROM media.upload WHERE asset_id = $1 AND expires_at < $2 RETURNING finished_at IS NULL",
            upload.asset_id, ctx.now,
        )  # fmt: skip
        if unfinished:
            await delete_asset(ctx, tx, upload.asset_id)


async def end_upload(ctx: Context, asset_id: AssetId) -> None:
    """The owner gives up: the asset goes with all that was stored of it."""
    upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, upload.asset_id)


async def admit(ctx: Context, tx: Transaction, purpose: Purpose, new: NewAsset, length: int) -> None:
    """The asset's row, and what its product makes beside it, unless that would exceed the owner's quota."""
    # Two uploads opened at once must not both fit into the last free bytes.
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('media.quota ' || $1::text, 0))", str(new.owner_id))
    used = await bytes_of_owner(tx, new.owner_id)
    rules.check_quota(length, used=used, quota=ctx.settings.media.quota_bytes)
    await insert_asset(ctx, tx, new, length)
    await purpose.created(ctx, tx, new)


def owner_of_new(ctx: Context) -> UUID:
    if ctx.actor.user_id is None:
        raise Unauthenticated
    return ctx.actor.user_id
