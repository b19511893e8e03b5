"""Forgetting what has no more use: ended sessions, old tries at passwords, addresses in the audit trail."""

from datetime import timedelta

from msgspec import Struct

from octavo.kernel.identity.attempt.actions import forget_attempts
from octavo.kernel.identity.attempt.rules import FORGOTTEN_AFTER
from octavo.kernel.identity.audit.actions import forget_addresses
from octavo.kernel.identity.session.actions import forget_ended_sessions
from octavo.kernel.jobs import Run, Schedule, job


class ForgetOldTraces(Struct, frozen=True):
    """Needs to know nothing: what is old follows from the time of the run."""


@job("identity.forget_old_traces", timeout=600)
async def forget_old_traces(run: Run, args: ForgetOldTraces) -> None:
    """Delete what its purpose has left behind. Each batch commits by itself and may be repeated without harm."""
    ctx = run.ctx
    retention = timedelta(days=ctx.settings.identity.address_retention_days)
    await forget_ended_sessions(ctx.db.user, before=ctx.now)
    await forget_attempts(ctx.db.user, before=ctx.now - FORGOTTEN_AFTER)
    await forget_addresses(ctx.db.user, before=ctx.now - retention)


FORGET_OLD_TRACES = Schedule(
    "identity.forget_old_traces", every=timedelta(hours=6), job=forget_old_traces, args=ForgetOldTraces()
)
