"""The job that forgets counts and answers when their time is over."""

from datetime import timedelta

import msgspec

from octavo.kernel.db import execute_in_batches
from octavo.kernel.jobs import Run, Schedule, job

_FORGET_WINDOWS = """
    DELETE FROM http.rate_window /* fanout */ WHERE expires_at < $1 AND bucket IN (
        SELECT bucket FROM http.rate_window /* fanout */ WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
    )
"""
_FORGET_ANSWERS = """
    DELETE FROM http.repetition /* fanout */ WHERE expires_at < $1 AND id IN (
        SELECT id FROM http.repetition /* fanout */ WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
    )
"""


class NoArguments(msgspec.Struct, frozen=True):
    pass


@job("http.forget_expired")
async def forget_expired(run: Run, args: NoArguments) -> None:
    """Delete the rate limit counts and the remembered answers that have expired."""
    db = run.ctx.db.main
    await execute_in_batches(db, _FORGET_WINDOWS, run.ctx.now)
    await execute_in_batches(db, _FORGET_ANSWERS, run.ctx.now)


FORGET_EXPIRED = Schedule("http.forget_expired", every=timedelta(minutes=15), job=forget_expired, args=NoArguments())
