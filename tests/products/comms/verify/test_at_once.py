"""At the same moment: one verification for two starts, one approval for two checks, five guesses of ten."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.verify.check.actions import Answer, check_code
from octavo.products.comms.verify.service.actions import create_service
from octavo.products.comms.verify.service.rows import ServiceChanges
from octavo.products.comms.verify.verification.actions import (
    close,
    end_verification,
    forget_verifications,
    start_verification,
)
from octavo.products.comms.verify.verification.rows import NewVerification
from tests.harness.locks import until_waiting

PERSON = "+14155550142"
CODE = "492113"
CALL = NewVerification(to=PERSON, channel="call")


async def a_service(ctx: Context, acme: NewAccount) -> UUID:
    return (await create_service(ctx, acme.account, ServiceChanges(friendly_name="Owl Bank"))).id


def with_test_code(ctx: Context) -> Context:
    """Under the setting for tests, every code is the same."""
    comms = msgspec.structs.replace(ctx.settings.comms, verify_test_code=CODE)
    return replace(ctx, engines=replace(ctx.engines, settings=msgspec.structs.replace(ctx.settings, comms=comms)))


async def test_two_starts_make_one_verification(ctx: Context, acme: NewAccount) -> None:
    service = await a_service(ctx, acme)
    outcomes = await asyncio.gather(
        *(start_verification(ctx, acme.account, service, CALL) for _ in range(3)), return_exceptions=True
    )
    assert {one.number for one in outcomes if isinstance(one, CommsRefusal)} <= {60212}
    assert len({one.id for one in outcomes if not isinstance(one, BaseException)}) == 1


async def test_two_checks_approve_once(ctx: Context, acme: NewAccount) -> None:
    ctx = with_test_code(ctx)
    service = await a_service(ctx, acme)
    await start_verification(ctx, acme.account, service, CALL)
    answer = Answer(code=CODE, to=PERSON)
    outcomes = await asyncio.gather(
        *(check_code(ctx, acme.account, service, answer) for _ in range(2)), return_exceptions=True
    )
    assert [one.number for one in outcomes if isinstance(one, CommsRefusal)] == [20404]
    assert [one.status for one in outcomes if not isinstance(one, BaseException)] == ["approved"]


async def test_what_was_approved_is_not_canceled(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    service = await a_service(ctx, acme)
    started = await start_verification(ctx, acme.account, service, CALL)
    async with ctx.db.main.transaction() as tx:
        await close(ctx, tx, started, "approved")
        canceling = asyncio.create_task(end_verification(ctx, acme.account, service, started.id, "canceled"))
        await until_waiting(engines, 1)
    with pytest.raises(CommsRefusal) as refused:
        await canceling
    assert refused.value.number == 20404
    assert await ctx.db.main.column("SELECT status FROM comms.verification") == ["approved"]


async def test_guesses_at_once_are_counted_one_by_one(ctx: Context, acme: NewAccount) -> None:
    ctx = with_test_code(ctx)
    service = await a_service(ctx, acme)
    await start_verification(ctx, acme.account, service, CALL)
    guesses = [Answer(code=f"{guess:06d}", to=PERSON) for guess in range(10)]
    outcomes = await asyncio.gather(
        *(check_code(ctx, acme.account, service, guess) for guess in guesses), return_exceptions=True
    )
    assert [one.number for one in outcomes if isinstance(one, CommsRefusal)] == [60202] * 5


async def test_old_verifications_are_forgotten(ctx: Context, acme: NewAccount) -> None:
    await start_verification(ctx, acme.account, await a_service(ctx, acme), CALL)
    assert await forget_verifications(ctx.db.main, ctx.now - timedelta(days=1)) == 0
    assert await forget_verifications(ctx.db.main, ctx.now + timedelta(days=1)) == 1
    assert await ctx.db.main.value("SELECT count(*) FROM comms.verification_attempt") == 0
