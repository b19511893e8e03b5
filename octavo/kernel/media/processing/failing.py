"""When there will be no film, or no better one: its owner is told why, and what plays already stays so."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import listed_jobs
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.processing import queries

DEAD_AT_A_TIME = 10_000
ABANDONED = "This film could not be processed: something in it stops the encoder each time. Try another export of it."


async def fail_asset(ctx: Context, tx: Transaction, asset_id: AssetId, sentence: str) -> None:
    if await take_back_renewal(ctx, tx, asset_id):
        return
    changed = await tx.execute(
        """
        UPDATE media.asset SET state = 'failed', failure = $2, changed_at = $3
        WHERE asset_id = $1 AND state IN ('uploaded', 'probing', 'playable')
        """,
        asset_id, sentence, ctx.now,
    )  # fmt: skip
    if changed:
        version = await tx.value("SELECT manifest_version FROM media.asset WHERE asset_id = $1", asset_id)
        await tell_change(tx, AssetChanged(asset_id, "failed", version, sentence))


async def take_back_renewal(ctx: Context, tx: Transaction, asset_id: AssetId) -> bool:
    """Of a film that was complete and is being encoded anew, what there was before counts again. False for others."""
    # Only such a film is `playable` while its newest version is a whole one.
    sql = """
        SELECT m.renditions FROM media.asset a
        JOIN media.manifest m ON m.asset_id = a.asset_id AND m.version = a.manifest_version
        WHERE a.asset_id = $1 AND a.state = 'playable' AND m.form = 'whole' FOR UPDATE OF a
    """
    before: list[str] | None = await tx.value(sql, asset_id)
    if before is None:
        return False
    await tx.execute("DELETE FROM media.rendition WHERE asset_id = $1 AND position >= 0", asset_id)
    await tx.execute(
        "UPDATE media.rendition SET position = -1 - position WHERE asset_id = $1 AND rendition = ANY($2)",
        asset_id, before,
    )  # fmt: skip
    await tx.execute(
        "UPDATE media.asset SET state = 'complete', changed_at = $2 WHERE asset_id = $1", asset_id, ctx.now
    )
    version = await tx.value("SELECT manifest_version FROM media.asset WHERE asset_id = $1", asset_id)
    await tell_change(tx, AssetChanged(asset_id, "complete", version))
    return True


async def fail_abandoned(ctx: Context, steps: Sequence[str]) -> None:
    """Fail the assets of which a step is dead. Steps do so themselves, unless each start killed the worker."""
    for name in steps:
        dead = await listed_jobs(ctx.db.main, states=["dead"], name=name, most=DEAD_AT_A_TIME)
        assets = {UUID(job.key.partition(":")[0]) for job in dead if job.key}
        for asset_id in await queries.unsettled_assets(ctx.db.main, list(assets)):
            async with ctx.db.main.transaction() as tx:
                await fail_asset(ctx, tx, asset_id, ABANDONED)
