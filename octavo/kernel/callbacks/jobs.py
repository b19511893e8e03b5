"""What runs by itself."""

from datetime import timedelta

from msgspec import Struct

from octavo.kernel.callbacks.actions import forget_old
from octavo.kernel.jobs import Run, Schedule, job


class Nothing(Struct, frozen=True):
    """No arguments."""


@job("callbacks.forget_old")
async def forget_old_callbacks(run: Run, args: Nothing) -> None:
    """Remove callbacks that were delivered or given up longer ago than the setting says."""
    await forget_old(run.ctx.db.main, run.ctx.now - timedelta(days=run.ctx.settings.callbacks.keep_days))


FORGET_OLD = Schedule("callbacks.forget_old", timedelta(hours=1), forget_old_callbacks, Nothing())
