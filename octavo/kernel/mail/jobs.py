"""What mail does by itself: it is forgotten after some days."""

from datetime import timedelta

from msgspec import Struct

from octavo.kernel.jobs import Run, Schedule, job
from octavo.kernel.mail.actions import forget_old


class Nothing(Struct, frozen=True):
    """No arguments."""


@job("mail.forget_old")
async def forget_old_mail(run: Run, args: Nothing) -> None:
    """Remove mails that are older than the setting says."""
    await forget_old(run.ctx.db.main, run.ctx.now - timedelta(days=run.ctx.settings.mail.keep_days))


FORGET_OLD = Schedule("mail.forget_old", timedelta(hours=1), forget_old_mail, Nothing())
