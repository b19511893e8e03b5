"""What the simulated carrier does by itself: forget messages that are old."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.carrier.simulated import actions


class ForgetSimulated(msgspec.Struct, frozen=True):
    """The sweep takes no arguments: the setting says what is old."""


@job("comms.forget_simulated", queue="default", timeout=600)
async def forget_simulated(run: Run, args: ForgetSimulated) -> None:
    """Messages on handsets go once they are older than `comms.handset_days`."""
    await actions.forget_old(run.ctx)


FORGET_SCHEDULE = Schedule(
    "comms.forget_simulated", every=timedelta(hours=6), job=forget_simulated, args=ForgetSimulated()
)
