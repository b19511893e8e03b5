"""Forgetting a text, while somebody else works with its message."""

import asyncio
from datetime import timedelta

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.choice import carriers
from octavo.products.comms.carrier.simulated.service import TELLING
from octavo.products.comms.message.actions import delete_message, redact_message
from octavo.products.comms.message.dispatch.service import Dispatch
from tests.harness.locks import until_waiting
from tests.products.comms.message.outgoing import a_message


@pytest.mark.parametrize(("forget", "left"), [(redact_message, [("delivered", "")]), (delete_message, [])])
async def test_a_text_is_forgotten_while_its_delivery_is_told(
    engines: Engines, acme: NewAccount, forget: object, left: list[tuple[str, str]]
) -> None:
    message = await a_message(engines, acme)
    dispatch = Dispatch(engines, carriers(engines))
    await dispatch.turn()
    await dispatch.finish()
    ctx = engines.context(now() + timedelta(minutes=1))
    async with ctx.db.main.transaction() as tx:
        due = await tx.fetch(TELLING.row, TELLING.this, message.account_id, message.id, ctx.now)
        forgetting = asyncio.create_task(forget(ctx, acme.account, message.id))  # type: ignore[operator]
        await until_waiting(engines, 1)
        await TELLING.work(ctx, tx, due)
    await forgetting
    assert await ctx.db.main.column("SELECT (status, body) FROM comms.message") == left
    assert await ctx.db.main.column("SELECT sealed_body FROM comms.simulated_sms") == [None]
