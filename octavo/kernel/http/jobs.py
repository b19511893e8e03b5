"""The job that forgets counts and answers when their time is over."""

from datetime import timedelta

import msgspec

from octavo.kernel.jobs import Run, Schedule, job

_FORGET_WINDOWS = "DELETE FROM http.rate_window WHERE expires_at < $1 /* fanout */"
_FORGET_ANSWERS = "DELETE FROM http.repetition WHERE expires_at < $1 /* fanout */"


class NoArguments(msgspec.Struct, frozen=True):
    pass


@job("http.forget_expired")
async def forget_expired(run: Run, args: NoArguments) -> None:
    """Delete the rate limit counts and the remembered answers that have expired."""
    db = run.ctx.db.main
    await db.execute(_FORGET_WINDOWS, run.ctx.now)
    await db.execute(_FORGET_ANSWERS, run.ctx.now)


FORGET_EXPIRED = Schedule("http.forget_expired", every=timedelta(minutes=15), job=forget_expired, args=NoArguments())
