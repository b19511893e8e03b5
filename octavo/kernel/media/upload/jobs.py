"""The sweep over uploads: finishes those whose server died at the last byte, forgets those that nobody continues."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.kernel.media.upload import sweeping
from octavo.kernel.media.upload.storing import INTAKE


class SettleUploads(msgspec.Struct, frozen=True):
    """Nothing to say: the sweep looks for itself."""


@job("media.settle_uploads", queue=INTAKE)
async def settle_uploads(run: Run, args: SettleUploads) -> None:
    """Uploads that ended without a word."""
    await sweeping.settle_uploads(run.ctx)


SCHEDULES = (Schedule("media.settle_uploads", every=timedelta(minutes=5), job=settle_uploads, args=SettleUploads()),)
