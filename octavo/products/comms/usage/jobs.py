"""What usage does by itself: triggers fire, and old counts are rolled up."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.usage.actions import roll_up
from octavo.products.comms.usage.trigger.actions import fire_triggers


class Nothing(msgspec.Struct, frozen=True):
    """No arguments: what is due stands in the rows."""


@job("comms.fire_usage_triggers", queue="default", timeout=300)
async def fire_usage_triggers(run: Run, args: Nothing) -> None:
    """Tells accounts of what has reached its threshold."""
    await fire_triggers(run.ctx)


@job("comms.roll_up_usage", queue="default", timeout=300)
async def roll_up_usage(run: Run, args: Nothing) -> None:
    """Makes one row of the several that processes counted in on days that are over."""
    while await roll_up(run.ctx, run.ctx.now.date()):
        pass


FIRE_SCHEDULE = Schedule(
    "comms.fire_usage_triggers", every=timedelta(seconds=30), job=fire_usage_triggers, args=Nothing()
)
ROLL_UP_SCHEDULE = Schedule("comms.roll_up_usage", every=timedelta(hours=1), job=roll_up_usage, args=Nothing())
