"""Finishing an upload: its file goes into the store whole, and its processing is set going."""

import math

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.places import source_key, upload_spool
from octavo.kernel.media.processing.jobs import probe_source
from octavo.kernel.media.processing.rows import ProbeSource
from octavo.kernel.media.upload import queries, rules
from octavo.kernel.media.upload.rows import Upload
from octavo.kernel.media.upload.spool import PART, Spool


async def finish_upload(ctx: Context, upload: Upload, spool: Spool) -> None:
    """Hand the whole file over to processing, once.

    The file keeps its name in the spool until after the commit: a crash before it is repaired by calling this again,
    and the store gets the same bytes under the same key.
    """
    parts = await queries.part_hashes(ctx.db.main, upload.asset_id)
    assert len(parts) == math.ceil(upload.length / PART), "every part was hashed when it was settled"
    source_hash = rules.source_hash(part.sha256 for part in parts)
    key = source_key(upload.asset_id, source_hash)
    # Before the transaction: a distant store takes minutes over a film, and rows must not be locked for so long.
    await ctx.blobs.put(key, spool.path)
    async with ctx.db.main.transaction() as tx:
        finished = await tx.execute(
            # An address may carry a secret; nobody needs it any more.
            "UPDATE media.upload SET finished_at = $2, url = '' WHERE asset_id = $1 AND finished_at IS NULL",
            upload.asset_id, ctx.now,
        )  # fmt: skip
        if finished:
            await forget_parts(tx, upload)
            await begin_processing(ctx, tx, upload.asset_id, spool.size, source_hash)
    if not finished:  # ended while the store took it
        await ctx.blobs.delete(key)
    spool.path.unlink(missing_ok=True)
    remove_part_spools(ctx, upload)


async def begin_processing(ctx: Context, tx: Transaction, asset_id: AssetId, size: int, source_hash: str) -> None:
    """The asset's file is in the store: say so, and have it looked at."""
    await tx.execute(
        """
        UPDATE media.asset
        SET state = 'uploaded', size = $2, src_sha256 = $3, source_key = $4, changed_at = $5
        WHERE asset_id = $1 AND state = 'uploading'
        """,
        asset_id, size, source_hash, source_key(asset_id, source_hash), ctx.now,
    )  # fmt: skip
    await tell_change(tx, AssetChanged(asset_id, "uploaded"))
    await enqueue(tx, probe_source, ProbeSource(asset_id), key=f"{asset_id}:probe")


async def fail_upload(ctx: Context, tx: Transaction, asset_id: AssetId, sentence: str) -> None:
    """Say to its owner why the file will not arrive, and forget what did."""
    await tx.execute("DELETE FROM media.upload WHERE asset_id = $1", asset_id)
    failed = await tx.execute(
        """
        UPDATE media.asset SET state = 'failed', failure = $2, changed_at = $3
        WHERE asset_id = $1 AND state = 'uploading'
        """,
        asset_id, sentence, ctx.now,
    )  # fmt: skip
    if failed:
        await tell_change(tx, AssetChanged(asset_id, "failed", failure=sentence))


async def forget_parts(tx: Transaction, upload: Upload) -> None:
    await tx.execute("DELETE FROM media.upload WHERE asset_id = ANY($1)", upload.parts)


def remove_part_spools(ctx: Context, upload: Upload) -> None:
    for part_id in upload.parts:
        upload_spool(ctx.blobs, part_id).unlink(missing_ok=True)
