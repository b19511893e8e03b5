"""What runs by itself."""

from datetime import timedelta

from msgspec import Struct

from octavo.kernel.jobs import Run, Schedule, job
from octavo.products.comms.inbound.cookie.actions import forget_ended


class Nothing(Struct, frozen=True):
    """No arguments."""


@job("comms.forget_cookies")
async def forget_cookies(run: Run, args: Nothing) -> None:
    """Remove cookies of webhooks four hours after they were set."""
    await forget_ended(run.ctx)


FORGET_SCHEDULE = Schedule("comms.forget_cookies", timedelta(hours=1), forget_cookies, Nothing())
