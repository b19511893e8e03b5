"""Throwing away: the files of what is deleted, chunks that nobody plays, and what a crash left behind."""

import asyncio
import shutil
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encryption.actions import forget_unused_keys
from octavo.kernel.media.garbage import disk, queries
from octavo.kernel.media.places import (
    ROOT,
    asset_folder,
    asset_of,
    asset_spooled_at,
    upload_spool,
    upload_spools,
    work_folder,
)

BATCH = 500


async def remove_asset_files(ctx: Context, asset_id: AssetId) -> None:
    """Files first, rows after: what is left half done by a crash is found again."""
    async for blob in ctx.blobs.list(asset_folder(asset_id)):
        await ctx.blobs.delete(blob.key)
    upload_spool(ctx.blobs, asset_id).unlink(missing_ok=True)
    async with ctx.db.main.transaction() as tx:
        await tx.execute("DELETE FROM media.rendition WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.manifest WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.export WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.subtitle WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.storyboard WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.chapter WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.poster WHERE asset_id = $1", asset_id)
        await tx.execute("DELETE FROM media.content_key WHERE asset_id = $1", asset_id)
        # The row itself stays a while, so that late steps of the work find that they have ended.
        await tx.execute("UPDATE media.asset SET filename = '', source = NULL WHERE asset_id = $1", asset_id)


async def collect_chunks(ctx: Context, asset_id: AssetId) -> None:
    """The joined tracks hold the same bytes; chunks stay only for those who still play a growing manifest."""
    spare = await queries.spare_chunks(ctx.db.main, asset_id, ctx.now)
    for chunk in spare:
        if chunk.key:
            await ctx.blobs.delete(chunk.key)
    await ctx.db.main.execute_many(
        "DELETE FROM media.chunk WHERE asset_id = $1 AND rendition = $2 AND n = $3",
        [(asset_id, chunk.rendition, chunk.n) for chunk in spare],
    )


async def collect_replaced(ctx: Context, asset_id: AssetId) -> None:
    """Tracks of which there is a newer encoding, the plain files copied from them, and the versions that named them."""
    for old in await queries.replaced_renditions(ctx.db.main, asset_id, ctx.now):
        name = old.rendition
        copies = "SELECT key FROM media.export WHERE asset_id = $1 AND rung = $2 AND key <> ''"
        for key in (old.key, *await ctx.db.main.column(copies, asset_id, name)):
            if key:
                await ctx.blobs.delete(key)
        async with ctx.db.main.transaction() as tx:
            await tx.execute(
                "DELETE FROM media.manifest WHERE asset_id = $1 AND $2 = ANY(renditions) AND retires_at <= $3",
                asset_id, name, ctx.now,
            )  # fmt: skip
            await tx.execute("DELETE FROM media.export WHERE asset_id = $1 AND rung = $2", asset_id, name)
            await tx.execute("DELETE FROM media.rendition WHERE asset_id = $1 AND rendition = $2", asset_id, name)
            await forget_unused_keys(tx, asset_id)


async def sweep_strays(ctx: Context) -> int:
    """Remove files that no row knows and that are too old to be still on their way into one. Returns how many."""
    before = ctx.now - timedelta(seconds=ctx.settings.media.stray_age)
    removed = 0
    batch: dict[UUID, list[str]] = defaultdict(list)
    async for blob in ctx.blobs.list(ROOT):
        owner = asset_of(blob.key)
        if owner is not None and blob.modified < before:
            batch[owner].append(blob.key)
        if len(batch) >= BATCH:
            removed += await _remove_unknown(ctx, batch)
            batch.clear()
    removed += await _remove_unknown(ctx, batch)
    removed += await _remove_old_spools(ctx, before)
    removed += await asyncio.to_thread(_remove_old_folders, work_folder(ctx.blobs), before)
    await ctx.db.main.execute(
        """
        /* fanout: a sweep over all shards, once in a while */
        DELETE FROM media.asset WHERE state = 'deleted' AND changed_at < $1
        """,
        before,
    )
    return removed


async def _remove_unknown(ctx: Context, found: dict[UUID, list[str]]) -> int:
    known = await queries.known_files(ctx.db.main, list(found))
    strays = [key for asset_id, keys in found.items() for key in keys if key not in known.get(asset_id, set())]
    for key in strays:
        await ctx.blobs.delete(key)
    return len(strays)


async def _remove_old_spools(ctx: Context, before: datetime) -> int:
    """Upload spools that no unfinished upload writes to."""
    found = await asyncio.to_thread(disk.older, upload_spools(ctx.blobs), before)
    old = {asset_id: path for path in found if (asset_id := asset_spooled_at(path)) is not None}
    needed = await queries.unfinished_uploads(ctx.db.main, list(old))
    strays = [path for asset_id, path in old.items() if asset_id not in needed]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _remove_old_folders(folder: Path, before: datetime) -> int:
    old = disk.abandoned_folders(folder, before)
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
