"""What runs by itself."""

from datetime import timedelta

from msgspec import Struct

from octavo.kernel import clock
from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.monitor import actions

KEPT = timedelta(days=30)


class Nothing(Struct, frozen=True):
    """No arguments."""


@job("comms.forget_alerts")
async def forget_alerts(run: Run, args: Nothing) -> None:
    """Remove alerts after 30 days, as the vendor does."""
    await actions.forget_alerts(run.ctx.db.main, clock.now() - KEPT)


FORGET_SCHEDULE = Schedule("comms.forget_alerts", timedelta(hours=1), forget_alerts, Nothing())
