"""What the guard does by itself: look for fraud each minute, and forget what it refused long ago."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.guard import actions, watch

KEPT = timedelta(days=31)


class Nothing(msgspec.Struct, frozen=True):
    """No arguments: policies say who is protected."""


@job("comms.look_for_fraud", queue="default", timeout=120)
async def look_for_fraud(run: Run, args: Nothing) -> None:
    """Holds back what looks like fraud in the traffic of the last ten minutes."""
    await watch.look_for_fraud(run.ctx)


@job("comms.forget_refusals", queue="default", timeout=300)
async def forget_refusals(run: Run, args: Nothing) -> None:
    """Removes what was refused a month ago."""
    await actions.forget_refusals(run.ctx.db.main, run.ctx.now - KEPT)


WATCH_SCHEDULE = Schedule("comms.look_for_fraud", every=timedelta(minutes=1), job=look_for_fraud, args=Nothing())
FORGET_SCHEDULE = Schedule("comms.forget_refusals", every=timedelta(hours=1), job=forget_refusals, args=Nothing())
