"""What has no more use is forgotten, and nothing else."""

from dataclasses import replace
from datetime import timedelta

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.identity import open_session
from octavo.kernel.identity.attempt.actions import count_attempt
from octavo.kernel.identity.jobs import ForgetOldTraces, forget_old_traces
from octavo.kernel.jobs import enqueue
from tests.kernel.identity.persons import HERE, a_user
from tests.kernel.jobs.working import no_jobs, until, working


async def test_old_traces_are_forgotten(ctx: Context, db: Database) -> None:
    ada = await a_user(ctx, "ada")
    for days in (0, 100):
        then = replace(ctx, now=ctx.now - timedelta(days=days))
        await open_session(then, ada.id, visitor=HERE)
        await count_attempt(then, [f"address:{days}"])
    async with ctx.db.main.transaction() as tx:
        await enqueue(tx, forget_old_traces, ForgetOldTraces())
    async with working(ctx.engines, [forget_old_traces]):
        await until(lambda: no_jobs(ctx.engines))
    assert await db.value("SELECT count(*) FROM identity.session") == 1
    assert await db.column("SELECT attempt_key FROM identity.attempt") == ["address:0"]
    traces = await db.column("SELECT address_hash FROM identity.audit WHERE kind = 'signed_in' ORDER BY at")
    assert traces == ["", HERE.address_hash]
