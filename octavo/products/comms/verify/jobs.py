"""What verifications do by themselves: they expire, and are forgotten, their codes first."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.verify.rate_limit.actions import LONGEST_INTERVAL, forget_counts
from octavo.products.comms.verify.verification.actions import expire_verifications, forget_verifications
from octavo.products.comms.verify.verification.redaction import redact_codes


class ExpireVerifications(msgspec.Struct, frozen=True):
    """The sweep takes no arguments: what is late stands in the rows."""


@job("comms.expire_verifications", queue="default", timeout=60)
async def expire_due_verifications(run: Run, args: ExpireVerifications) -> None:
    """Ends what is over, takes codes out of the texts that brought them, and forgets what is old."""
    while await expire_verifications(run.ctx):
        pass
    await redact_codes(run.ctx)
    keep = timedelta(days=run.ctx.settings.comms.verify_keep_days)
    await forget_verifications(run.ctx.db.main, run.ctx.now - keep)
    await forget_counts(run.ctx.db.main, run.ctx.now - timedelta(seconds=2 * LONGEST_INTERVAL))


EXPIRE_SCHEDULE = Schedule(
    "comms.expire_verifications",
    every=timedelta(minutes=1),
    job=expire_due_verifications,
    args=ExpireVerifications(),
)
