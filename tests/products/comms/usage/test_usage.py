"""Usage is counted once, whatever is reported, and lasts over the roll-up."""

from dataclasses import replace
from datetime import date, timedelta

from octavo.kernel.callbacks import deliveries
from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message.actions import take_reports
from octavo.products.comms.message.rows import Message, Report, Told
from octavo.products.comms.usage.actions import count, roll_up
from octavo.products.comms.usage.categories import CATEGORIES, TOTAL, ancestry
from octavo.products.comms.usage.queries import usage_records, used
from octavo.products.comms.usage.rows import Used
from octavo.products.comms.usage.trigger.actions import create_trigger, fire_triggers
from octavo.products.comms.usage.trigger.rows import NewTrigger, Recurring
from tests.products.comms.message.outgoing import a_message

LONG_TEXT = "Tea is ready. " * 20


async def report(ctx: Context, message: Message, *states: Told) -> None:
    await take_reports(ctx, [Report(message.account_id, message.id, state, ctx.now) for state in states])


async def counted(ctx: Context, *some: Used) -> None:
    async with ctx.db.main.transaction() as tx:
        await count(tx, some)


async def test_a_sent_message_counts_once_whatever_else_is_told(
    ctx: Context, engines: Engines, acme: NewAccount
) -> None:
    together = await a_message(engines, acme, body=LONG_TEXT)
    apart = await a_message(engines, acme, sender=together.sender)
    unknown = await a_message(engines, acme, sender=together.sender)
    await a_message(engines, acme, sender=together.sender)
    await report(ctx, together, "sent", "delivered")
    for state in ("delivered", "sent", "delivered"):
        await report(ctx, apart, state)
    await report(ctx, unknown, "failed")
    record = await used(ctx.db.main, acme.account.id, "sms-outbound-longcode", ctx.now.date())
    assert (record.count, record.usage) == (2, together.num_segments + 1)
    assert record.price == (together.price or 0) + (apart.price or 0) > 0
    total = await used(ctx.db.main, acme.account.id, TOTAL, ctx.now.date())
    assert total.price > record.price  # the number has its price too


async def test_sums_hold_what_belongs_to_them(ctx: Context, acme: NewAccount) -> None:
    today = ctx.now.date()
    await counted(
        ctx,
        Used(acme.account.id, "sms-inbound-longcode", today, 2, 3, 10),
        Used(acme.account.id, "sms-outbound-longcode", today, 5, 7, 100),
        Used(acme.account.id, "sms-outbound-longcode", today, 1, 1, 1),
    )
    sums = {
        one.category: (one.count, one.usage, one.price)
        for one in await usage_records(ctx.db.main, [acme.account.id], today, today, "whole")
    }
    assert sums["sms"] == (8, 11, 111)
    assert sums["sms-outbound"] == (6, 8, 101)
    assert (sums["mms"], sums[TOTAL][2]) == ((0, 0, 0), 111)
    assert set(sums) == set(CATEGORIES)
    assert all(ancestry(name)[-1] == TOTAL for name in CATEGORIES)


async def test_days_months_and_years_are_told_apart(ctx: Context, acme: NewAccount) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    await counted(ctx, *(Used(acme.account.id, "lookups", day) for day in days))

    async def starts(span: str) -> list[tuple[date, date, int]]:
        found = await usage_records(ctx.db.main, [acme.account.id], days[0], days[-1], span, "lookups")  # type: ignore[arg-type]
        return [(one.start, one.end, one.count) for one in found]

    assert [start for start, _, _ in await starts("day")] == days[::-1]
    assert await starts("month") == [
        (date(2026, 2, 1), date(2026, 2, 1), 1),
        (date(2026, 1, 1), date(2026, 1, 31), 2),
        (date(2025, 12, 31), date(2025, 12, 31), 1),
    ]
    assert await starts("year") == [(date(2026, 1, 1), days[-1], 3), (days[0], days[0], 1)]


async def test_rolled_up_days_keep_their_sums(ctx: Context, acme: NewAccount) -> None:
    today = ctx.now.date()
    yesterday = today - timedelta(days=1)
    await counted(ctx, Used(acme.account.id, "lookups", yesterday, 2), Used(acme.account.id, "lookups", today))
    assert await roll_up(ctx, today) == 1
    await counted(ctx, Used(acme.account.id, "lookups", yesterday, 3))
    assert await roll_up(ctx, today) == 1
    assert await roll_up(ctx, today) == 0
    assert (await used(ctx.db.main, acme.account.id, "lookups", yesterday)).count == 6


async def a_trigger(ctx: Context, acme: NewAccount, value: str, recurring: Recurring) -> None:
    new = NewTrigger(
        category="lookups",
        value=value,
        callback_url="https://a.example/used",
        recurring=recurring,
        trigger_by="count",
    )
    await create_trigger(ctx, acme.account, new)


async def test_a_trigger_fires_once_and_a_recurring_one_once_a_day(ctx: Context, acme: NewAccount) -> None:
    await a_trigger(ctx, acme, "2", "alltime")
    await a_trigger(ctx, acme, "+2", "daily")
    await counted(ctx, Used(acme.account.id, "lookups", ctx.now.date()))
    assert await fire_triggers(ctx) == 0
    await counted(ctx, Used(acme.account.id, "lookups", ctx.now.date()))
    assert await fire_triggers(ctx) == 2
    assert await fire_triggers(ctx) == 0
    tomorrow = replace(ctx, now=ctx.now + timedelta(days=1))
    assert await fire_triggers(tomorrow) == 0
    await counted(tomorrow, Used(acme.account.id, "lookups", tomorrow.now.date(), 2))
    assert await fire_triggers(tomorrow) == 1
    told = await deliveries(ctx.db.main, acme.account.id)
    assert ["CurrentValue=2" in one.fields for one in told] == [True] * 3
