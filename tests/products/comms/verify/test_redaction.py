"""Codes go out of the texts that brought them, of each as soon as it has come to its end."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.verify.jobs import ExpireVerifications, expire_due_verifications
from octavo.products.comms.verify.verification.actions import start_verification
from octavo.products.comms.verify.verification.redaction import redact_codes
from octavo.products.comms.verify.verification.rows import NewVerification
from tests.products.comms.media.test_sweeping import a_run
from tests.products.comms.verify.test_at_once import a_service

UNDER_WAY = ["+14155550142", "+14155550143"]
DELIVERED = "+14155550144"


async def ten_minutes_after(ctx: Context, acme: NewAccount) -> Context:
    """When three codes were sent, the last of which has been delivered."""
    service = await a_service(ctx, acme)
    for person in (*UNDER_WAY, DELIVERED):
        await start_verification(ctx, acme.account, service, NewVerification(to=person, channel="sms"))
    await ctx.db.main.execute("UPDATE comms.message SET status = 'delivered' WHERE recipient = $1", DELIVERED)
    return replace(ctx, now=ctx.now + timedelta(minutes=11))


async def with_text(ctx: Context) -> list[str]:
    return await ctx.db.main.column("SELECT recipient FROM comms.message WHERE body <> '' ORDER BY recipient")


async def test_the_sweep_ends_though_texts_are_under_way(ctx: Context, acme: NewAccount) -> None:
    later = await ten_minutes_after(ctx, acme)
    async with asyncio.timeout(30):
        await expire_due_verifications.handler(a_run(later), ExpireVerifications())
    assert await with_text(ctx) == UNDER_WAY


async def test_texts_that_are_under_way_hide_no_other(ctx: Context, acme: NewAccount) -> None:
    later = await ten_minutes_after(ctx, acme)
    assert await redact_codes(later, 1) == 1
    assert await with_text(ctx) == UNDER_WAY
    assert await redact_codes(later, 1) == 0
