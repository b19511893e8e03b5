"""What numbers do by themselves: another month of each begins."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.number.months import count_months


class Nothing(msgspec.Struct, frozen=True):
    """No arguments: what is due stands in the rows."""


@job("comms.count_number_months", queue="default", timeout=300)
async def count_number_months(run: Run, args: Nothing) -> None:
    """Counts the months of numbers that have begun, with their price."""
    while await count_months(run.ctx):
        pass


MONTHS_SCHEDULE = Schedule(
    "comms.count_number_months", every=timedelta(minutes=10), job=count_number_months, args=Nothing()
)
