"""What verifications do by themselves: they expire, and their codes are forgotten."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.verify.rate_limit.actions import LONGEST_INTERVAL, forget_counts
from octavo.products.comms.verify.verification.actions import expire_verifications
from octavo.products.comms.verify.verification.redaction import redact_codes


class ExpireVerifications(msgspec.Struct, frozen=True):
    """The sweep takes no arguments: what is late stands in the rows."""


@job("comms.expire_verifications", queue="default", timeout=60)
async def expire_due_verifications(run: Run, args: ExpireVerifications) -> None:
    """Ends verifications whose ten minutes are over, and takes the codes out of the texts that brought them."""
    while await expire_verifications(run.ctx):
        pass
    while await redact_codes(run.ctx):
        pass
    await forget_counts(run.ctx.db.main, run.ctx.now - timedelta(seconds=2 * LONGEST_INTERVAL))


EXPIRE_SCHEDULE = Schedule(
    "comms.expire_verifications",
    every=timedelta(minutes=1),
    job=expire_due_verifications,
    args=ExpireVerifications(),
)
