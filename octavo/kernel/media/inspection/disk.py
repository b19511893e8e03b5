"""Inspecting this machine's own disk: uploads whose bytes lie here, and what dead steps have left."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.media.garbage.disk import abandoned_folders, older
from octavo.kernel.media.garbage.queries import unfinished_uploads
from octavo.kernel.media.inspection import queries
from octavo.kernel.media.inspection.rows import Fault, ThingKind, UnfinishedUpload
from octavo.kernel.media.places import asset_spooled_at, upload_spool, upload_spools, work_folder

BATCH = 500
FIRST = UUID(int=0)


async def disk_faults(ctx: Context, before: datetime) -> list[Fault]:
    return [
        *[fault async for fault in _short_spools(ctx)],
        *await _stray_spools(ctx, before),
        *await asyncio.to_thread(_left_folders, ctx, before),
    ]


async def _short_spools(ctx: Context) -> AsyncIterator[Fault]:
    after = FIRST
    while batch := await queries.unfinished_uploads_after(ctx.db.main, after, BATCH):
        for upload in batch:
            if await _is_short(ctx, upload):
                place = _below_spool(ctx, upload_spool(ctx.blobs, upload.asset_id))
                yield Fault(fault="short", kind="spool", place=place, asset_id=upload.asset_id)
        after = batch[-1].asset_id


async def _is_short(ctx: Context, upload: UnfinishedUpload) -> bool:
    """Beside a remote store, the bytes of an upload may lie on another machine's disk."""
    try:
        size = (await asyncio.to_thread(upload_spool(ctx.blobs, upload.asset_id).stat)).st_size
    except FileNotFoundError:
        if upload.received == 0 or ctx.settings.blobs.engine != "local":
            return False
        # Perhaps it has just been finished, or ended.
        return upload.asset_id in await unfinished_uploads(ctx.db.main, [upload.asset_id])
    return size < upload.received


async def _stray_spools(ctx: Context, before: datetime) -> list[Fault]:
    found = await asyncio.to_thread(older, upload_spools(ctx.blobs), before)
    spools = {path: asset_spooled_at(path) for path in found}
    needed = await unfinished_uploads(ctx.db.main, [asset_id for asset_id in spools.values() if asset_id])
    return [_stray(ctx, path, "spool", asset_id) for path, asset_id in spools.items() if asset_id not in needed]


def _left_folders(ctx: Context, before: datetime) -> list[Fault]:
    return [_stray(ctx, path, "folder") for path in abandoned_folders(work_folder(ctx.blobs), before)]


def _stray(ctx: Context, path: Path, kind: ThingKind, asset_id: UUID | None = None) -> Fault:
    return Fault(fault="stray", kind=kind, place=_below_spool(ctx, path), asset_id=asset_id)


def _below_spool(ctx: Context, path: Path) -> str:
    return path.relative_to(ctx.blobs.spool_dir).as_posix()
