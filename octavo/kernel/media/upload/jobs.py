"""The sweep over uploads: finishes those whose server died at the last byte, forgets those that nobody continues."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.kernel.media.upload import actions, queries

BATCH = 200


class SettleUploads(msgspec.Struct, frozen=True):
    """Nothing to say: the sweep looks for itself."""


@job("media.settle_uploads")
async def settle_uploads(run: Run, args: SettleUploads) -> None:
    """Uploads that ended without a word."""
    for upload in await queries.whole_but_unfinished(run.ctx.db.main, limit=BATCH):
        await actions.finish_interrupted(run.ctx, upload)
    for upload in await queries.overdue_uploads(run.ctx.db.main, run.ctx.now, limit=BATCH):
        await actions.expire_upload(run.ctx, upload)


SCHEDULES = (Schedule("media.settle_uploads", every=timedelta(minutes=5), job=settle_uploads, args=SettleUploads()),)
