"""The job that joins parts: a large file takes longer than a client waits for an answer."""

from octavo.kernel.jobs import Backoff, GiveUp, Run, job
from octavo.kernel.media.upload.finishing import fail_upload
from octavo.kernel.media.upload.joining import actions
from octavo.kernel.media.upload.joining.rows import JoinParts
from octavo.kernel.media.upload.storing import INTAKE

HOUR = 3600.0


@job(
    "media.join_parts",
    queue=INTAKE,
    max_starts=12,
    retry=Backoff(first=1.0, factor=3.0, longest=60.0),
    timeout=6 * HOUR,
)
async def join_parts(run: Run, args: JoinParts) -> None:
    """One file out of the parts in which it was uploaded."""
    try:
        await actions.join_parts(run.ctx, args.asset_id)
    except actions.PartLost as lost:
        async with run.ctx.db.main.transaction() as tx:
            await run.hold(tx)
            await fail_upload(run.ctx, tx, args.asset_id, lost.detail)
        raise GiveUp(lost.detail) from lost
