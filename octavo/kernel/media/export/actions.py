"""Writing down what became of an export, in the transaction of the job that made it."""

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.asset.rules import topic
from octavo.kernel.media.export.rows import Offer
from octavo.kernel.media.processing.actions import Stored


async def keep_export(ctx: Context, tx: Transaction, asset_id: AssetId, offer: Offer, stored: Stored) -> None:
    await tx.execute(
        """
        UPDATE media.export
        SET state = 'ready', progress = 1, key = $3, sha256 = $4, bytes = $5, finished_at = $6, rung = $7
        WHERE asset_id = $1 AND name = $2
        """,
        asset_id,
        offer.name,
        stored.key,
        stored.sha256,
        stored.bytes,
        ctx.now,
        offer.rung,
    )
    wake_after(tx, topic(asset_id))


async def fail_export(ctx: Context, tx: Transaction, asset_id: AssetId, name: str, failure: str) -> None:
    await tx.execute(
        "UPDATE media.export SET state = 'failed', failure = $3, finished_at = $4 WHERE asset_id = $1 AND name = $2",
        asset_id,
        name,
        failure,
        ctx.now,
    )
    wake_after(tx, topic(asset_id))


async def keep_progress(ctx: Context, asset_id: AssetId, name: str, progress: float) -> None:
    await ctx.db.main.execute(
        "UPDATE media.export SET progress = $3 WHERE asset_id = $1 AND name = $2 AND state = 'waiting'",
        asset_id,
        name,
        progress,
    )
