"""What caller ids do by themselves: give up on calls that nobody answered."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.caller_id import actions


class EndValidationRequests(msgspec.Struct, frozen=True):
    """The sweep takes no arguments: what is late stands in the rows."""


@job("comms.end_validation_requests", queue="default", timeout=60)
async def end_validation_requests(run: Run, args: EndValidationRequests) -> None:
    """Tells accounts of the numbers where nobody entered the code in time."""
    while await actions.give_up(run.ctx):
        pass


END_SCHEDULE = Schedule(
    "comms.end_validation_requests",
    every=timedelta(minutes=1),
    job=end_validation_requests,
    args=EndValidationRequests(),
)
