"""Writing uploads: open one, receive its bytes, end it, or take a whole file at once."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.db import Queryable, Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.media.asset.actions import delete_asset, insert_asset
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.places import source_key, upload_spool
from octavo.kernel.media.purposes import NewAsset, Purpose, purpose_named
from octavo.kernel.media.upload import queries, rules
from octavo.kernel.media.upload.checksums import Checksum
from octavo.kernel.media.upload.finishing import (
    begin_processing,
    remove_part_spools,
)
from octavo.kernel.media.upload.receiving import Receiving, arriving, check_disk, resumed
from octavo.kernel.media.upload.rows import PARTIAL, Quota, Upload, UploadRequest
from octavo.kernel.media.upload.rules import UploadBusy
from octavo.kernel.media.upload.spool import Spool, locked_spool
from octavo.kernel.media.upload.storing import hand_over
from octavo.kernel.refusals import Conflict, Refusal, Unauthenticated, Unavailable

# What a caller writes in the transaction that makes the asset; it gets the file's hash.
Beside = Callable[[Transaction, NewAsset, str], Awaitable[None]]
# Boundaries and field names of a form: what its length says beyond that of the file.
FORM_AROUND = 4096
# Seconds. A slow disk takes its time over what a former request wrote, and a sender told less would send it again.
STANDING_PATIENCE = 10.0


async def open_upload(ctx: Context, request: UploadRequest) -> Upload:
    """Make the asset and its upload. Everything that can be refused by what was announced is refused here."""
    owner_id = owner_of_new(ctx)
    purpose = purpose_named(request.purpose)
    rules.check_announced(request, purpose, largest=ctx.settings.media.max_upload_bytes)
    check_disk(ctx, request.length)
    name = rules.safe_filename(request.filename)
    new = NewAsset(new_id(), owner_id, name, purpose.name, request.belongs_to, request.encryption)
    async with ctx.db.main.transaction() as tx:
        await admit(ctx, tx, purpose, new, request.length)
        await insert_upload(ctx, tx, new.asset_id, request)
    return await queries.upload_of(ctx.db.main, new.asset_id, owner_id)


async def open_part(ctx: Context, request: UploadRequest) -> Upload:
    """A part of an upload, to be joined with others. What file it belongs to is told by the one that joins them."""
    owner_id = owner_of_new(ctx)
    purpose = purpose_named(request.purpose)
    purpose.check_allowed(ctx)
    rules.check_length(request.length)
    rules.check_size(request.length, purpose, largest=ctx.settings.media.max_upload_bytes)
    check_disk(ctx, request.length)
    part_id = new_id()
    async with ctx.db.main.transaction() as tx:
        await reserve(ctx, tx, owner_id, request.length)
        await insert_upload(ctx, tx, part_id, request, concat=PARTIAL)
    return await queries.upload_of(ctx.db.main, part_id, owner_id)


async def insert_upload(
    ctx: Context,
    tx: Transaction,
    asset_id: AssetId,
    request: UploadRequest,
    *,
    concat: str = "",
    parts: list[UUID] | None = None,
    url: str = "",
    validator: str = "",
) -> None:
    expires_at = ctx.now + timedelta(seconds=ctx.settings.media.upload_lifetime)
    await tx.execute(
        """
        INSERT INTO media.upload (asset_id, owner_id, length, expires_at, metadata, concat, parts, url, validator)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        asset_id, owner_of_new(ctx), request.length, expires_at, request.metadata, concat, parts or [], url, validator,
    )  # fmt: skip


async def standing(ctx: Context, asset_id: AssetId) -> Upload:
    """Where the upload stands, once the request that was writing it, if any, has told what it stored."""
    upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
    if upload.finished_at is None and not upload.is_joined and not upload.url:
        with suppress(UploadBusy):
            async with locked_spool(upload_spool(ctx.blobs, asset_id), patience=STANDING_PATIENCE) as spool:
                upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
                await hand_over(ctx, upload, spool)
    return await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)


async def receive(
    ctx: Context,
    asset_id: AssetId,
    body: AsyncIterable[bytes],
    *,
    offset: int,
    announced: int | None,
    checksum: Checksum | None = None,
) -> Upload:
    """Append the body at `offset`. Whatever of it arrived is kept, also when the sender goes away in the middle.

    With a checksum all of it is kept, or nothing.
    """
    # Nobody makes a spool for an upload that is not theirs, or that takes no bytes.
    rules.check_receiving(await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id))
    async with locked_spool(upload_spool(ctx.blobs, asset_id)) as spool:
        # Read under the lock: the offset that another writer left is the one that counts.
        upload = await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)
        rules.check_append(upload, offset=offset, announced=announced)
        if upload.finished_at is not None:
            spool.path.unlink(missing_ok=True)
            return upload
        upload = await resumed(ctx, upload, spool)
        rules.check_append(upload, offset=offset, announced=announced)
        upload = replace(upload, received=await Receiving(ctx, upload, spool, checksum).run(body))
        await hand_over(ctx, upload, spool)
    return await queries.upload_of(ctx.db.main, asset_id, ctx.actor.user_id)


async def receive_whole(
    ctx: Context,
    stream: AsyncIterable[bytes],
    filename: str,
    purpose: str,
    *,
    filetype: str = "",
    announced: int = 1,
    belongs_to: UUID | None = None,
    beside: Beside | None = None,
) -> NewAsset:
    """A file from a plain form, in one request. No row knows of it before it is whole, so a broken one leaves nothing.

    `announced` is the whole request's length, where the browser told one: all that is known before the first byte.
    """
    kind = purpose_named(purpose)
    kind.check_allowed(ctx)
    new = NewAsset(new_id(), owner_of_new(ctx), rules.safe_filename(filename), kind.name, belongs_to)
    largest = ctx.settings.media.max_upload_bytes
    at_least = max(1, announced - FORM_AROUND)
    rules.check_announced(UploadRequest(purpose, new.filename, filetype, at_least), kind, largest=largest)
    rules.check_quota(at_least, await quota_of(ctx, ctx.db.main, new.owner_id))
    check_disk(ctx, at_least)
    async with locked_spool(upload_spool(ctx.blobs, new.asset_id)) as spool:
        try:
            async for block in arriving(ctx, stream):
                rules.check_size(spool.size + len(block), kind, largest=largest)
                await asyncio.to_thread(spool.append, block)
            rules.check_length(spool.size)
            parts = await asyncio.to_thread(spool.settle)
            last = spool.last_part()
            source_hash = rules.source_hash(part.sha256 for part in (*parts, *([last] if last else [])))
            await _store_whole(ctx, kind, new, spool, source_hash, beside)
        finally:
            spool.path.unlink(missing_ok=True)
    return new


async def _store_whole(
    ctx: Context, purpose: Purpose, new: NewAsset, spool: Spool, source_hash: str, beside: Beside | None
) -> None:
    key = source_key(new.asset_id, source_hash)
    # Before the transaction, as when an upload is finished.
    await ctx.blobs.put(key, spool.path)
    try:
        async with ctx.db.main.transaction() as tx:
            await admit(ctx, tx, purpose, new, spool.size)
            await begin_processing(ctx, tx, new.asset_id, spool.size, source_hash)
            if beside is not None:
                await beside(tx, new, source_hash)
    except Unavailable:
        raise  # perhaps it was kept all the same; if it was not, the sweep over strays finds the file
    except Refusal:
        await ctx.blobs.delete(key)
        raise


async def end_upload(ctx: Context, asset_id: AssetId) -> None:
    """The owner gives up: the asset, or the part, goes with all that was stored of it."""
    async with ctx.db.main.transaction() as tx:
        upload = await queries.upload_of(tx, asset_id, ctx.actor.user_id)
        if not upload.is_part:
            await delete_asset(ctx, tx, asset_id)
        elif not await tx.execute("DELETE FROM media.upload WHERE asset_id = $1 AND joined_to IS NULL", asset_id):
            raise Conflict("This part is being joined with others. End the upload that they become.")
    if upload.is_part:
        upload_spool(ctx.blobs, asset_id).unlink(missing_ok=True)
    remove_part_spools(ctx, upload)


async def admit(ctx: Context, tx: Transaction, purpose: Purpose, new: NewAsset, length: int) -> None:
    """The asset's row, and what its product makes beside it, unless that would exceed the owner's quota."""
    await reserve(ctx, tx, new.owner_id, length)
    await insert_asset(ctx, tx, new, length)
    await purpose.created(ctx, tx, new)


async def reserve(ctx: Context, tx: Transaction, owner_id: UUID, length: int) -> None:
    """Raises QuotaReached. Until `tx` ends, nobody else counts the owner's files."""
    # Two uploads opened at once must not both fit into the last free bytes.
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('media.quota ' || $1::text, 0))", str(owner_id))
    rules.check_quota(length, await quota_of(ctx, tx, owner_id))


async def quota_of(ctx: Context, db: Queryable, owner_id: UUID) -> Quota:
    return await queries.quota_of(db, owner_id, ctx.settings.media.quota_bytes)


async def own_quota(ctx: Context) -> Quota:
    """Of whoever asks."""
    return await quota_of(ctx, ctx.db.main, owner_of_new(ctx))


async def set_quota(ctx: Context, owner_id: UUID, allowed: int | None) -> Quota:
    """So many bytes for this person, 0 for no bound; None for as many as everybody."""
    async with ctx.db.main.transaction() as tx:
        await tx.execute("DELETE FROM media.quota WHERE owner_id = $1", owner_id)
        if allowed is not None:
            await tx.execute("INSERT INTO media.quota (owner_id, bytes) VALUES ($1, $2)", owner_id, allowed)
        return await quota_of(ctx, tx, owner_id)


def owner_of_new(ctx: Context) -> UUID:
    if ctx.actor.user_id is None:
        raise Unauthenticated
    return ctx.actor.user_id
