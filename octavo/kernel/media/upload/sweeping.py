"""The sweep over uploads: whole ones that nobody handed over, and those that nobody continues."""

from contextlib import suppress

from octavo.kernel.context import Context
from octavo.kernel.media.asset.actions import delete_asset
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import queries
from octavo.kernel.media.upload.finishing import forget_parts, remove_part_spools
from octavo.kernel.media.upload.rows import Upload
from octavo.kernel.media.upload.rules import UploadBusy
from octavo.kernel.media.upload.spool import locked_spool
from octavo.kernel.media.upload.storing import hand_over

SETTLED_AT_A_TIME = 200


async def settle_uploads(ctx: Context) -> None:
    """Finish the uploads whose server died at the last byte, and forget those that nobody continues."""
    for upload in await queries.whole_but_unfinished(ctx.db.main, limit=SETTLED_AT_A_TIME):
        with suppress(UploadBusy):  # its sender has come back, and finishes it by itself
            async with locked_spool(upload_spool(ctx.blobs, upload.asset_id)) as spool:
                await hand_over(ctx, upload, spool)
    for upload in await queries.overdue_uploads(ctx.db.main, ctx.now, limit=SETTLED_AT_A_TIME):
        await expire(ctx, upload)


async def expire(ctx: Context, upload: Upload) -> None:
    """A finished upload only loses its row; of an unfinished one everything goes, unless its sender has come back."""
    async with ctx.db.main.transaction() as tx:
        unfinished = await tx.value(
            "DELETE FROM media.upload WHERE asset_id = $1 AND expires_at < $2 RETURNING finished_at IS NULL",
            upload.asset_id, ctx.now,
        )  # fmt: skip
        if unfinished:
            await forget_parts(tx, upload)
            await delete_asset(ctx, tx, upload.asset_id)
    if unfinished:
        upload_spool(ctx.blobs, upload.asset_id).unlink(missing_ok=True)
        remove_part_spools(ctx, upload)
