"""What the guard does by itself: look for fraud each minute."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.guard import watch


class LookForFraud(msgspec.Struct, frozen=True):
    """The watch takes no arguments: policies say who is protected."""


@job("comms.look_for_fraud", queue="default", timeout=120)
async def look_for_fraud(run: Run, args: LookForFraud) -> None:
    """Holds back what looks like fraud in the traffic of the last ten minutes."""
    await watch.look_for_fraud(run.ctx)


WATCH_SCHEDULE = Schedule("comms.look_for_fraud", every=timedelta(minutes=1), job=look_for_fraud, args=LookForFraud())
