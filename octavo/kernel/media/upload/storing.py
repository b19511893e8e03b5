"""Handing a whole upload to the store: at once where that costs only a name, by a job where it takes its time."""

import asyncio

from octavo.kernel.context import Context
from octavo.kernel.jobs import Backoff, Run, enqueue, job
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import queries
from octavo.kernel.media.upload.finishing import finish_upload
from octavo.kernel.media.upload.rows import StoreUpload, Upload
from octavo.kernel.media.upload.spool import Spool, locked_spool

HOUR = 3600.0
# What works on spools runs where they lie. Its jobs take long and wait much, so they have a queue of their own.
INTAKE = "intake"
RETRY = Backoff(first=1.0, factor=2.0, longest=120.0)


async def hand_over(ctx: Context, upload: Upload, spool: Spool) -> None:
    """Nothing for an upload that is not whole, is finished, or is a part. The caller holds the spool."""
    if not upload.whole or upload.finished_at is not None or upload.is_part:
        return
    if ctx.settings.blobs.engine == "local":
        await _finish(ctx, upload, spool)
    else:
        # A sender would wait for minutes until a distant store has the film, and its patience may end before.
        async with ctx.db.main.transaction() as tx:
            await enqueue(tx, store_upload, StoreUpload(upload.asset_id), key=f"{upload.asset_id}:store")


@job(
    "media.store_upload",
    queue=INTAKE,
    max_starts=20,
    retry=Backoff(first=1.0, factor=2.0, longest=120.0),
    timeout=6 * HOUR,
)
async def store_upload(run: Run, args: StoreUpload) -> None:
    """A file that has arrived, from this machine's disk to the store. It runs on the machine that received it."""
    ctx = run.ctx
    async with locked_spool(upload_spool(ctx.blobs, args.asset_id)) as spool:
        upload = await queries.find_upload(ctx.db.main, args.asset_id)
        if upload is None or upload.finished_at is not None:
            spool.path.unlink(missing_ok=True)
        else:
            await _finish(ctx, upload, spool)


async def _finish(ctx: Context, upload: Upload, spool: Spool) -> None:
    """Unless the disk has lost bytes: then its sender sends them again."""
    if await asyncio.to_thread(spool.resume, upload.received) == upload.length:
        await finish_upload(ctx, upload, spool)
