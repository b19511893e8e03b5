"""Writing assets: one comes to be, one goes with everything that was made of it."""

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.garbage.jobs import remove_files
from octavo.kernel.media.garbage.rows import RemoveFiles
from octavo.kernel.media.purposes import NewAsset


async def insert_asset(ctx: Context, tx: Transaction, new: NewAsset, size: int) -> None:
    await tx.execute(
        """
        INSERT INTO media.asset (asset_id, owner_id, purpose, filename, state, size, encryption, created_at, changed_at)
        VALUES ($1, $2, $3, $4, 'uploading', $5, $6, $7, $7)
        """,
        new.asset_id, new.owner_id, new.purpose, new.filename, size, new.encryption, ctx.now,
    )  # fmt: skip


async def delete_asset(ctx: Context, tx: Transaction, asset_id: AssetId) -> None:
    """The asset is gone when `tx` commits: waiting steps find nothing left, running ones stop, files follow."""
    # The upload before its asset, as those lock them who finish one: otherwise two could wait for each other.
    parts = await tx.value("DELETE FROM media.upload WHERE asset_id = $1 RETURNING parts", asset_id)
    if parts:
        await tx.execute("DELETE FROM media.upload WHERE asset_id = ANY($1)", parts)
    deleted = await tx.execute(
        """
        UPDATE media.asset SET state = 'deleted', generation = generation + 1, changed_at = $2
        WHERE asset_id = $1 AND state <> 'deleted'
        """,
        asset_id, ctx.now,
    )  # fmt: skip
    if not deleted:
        return
    await enqueue(tx, remove_files, RemoveFiles(asset_id))
    await tell_change(tx, AssetChanged(asset_id, "deleted"))
