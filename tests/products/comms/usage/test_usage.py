"""Usage is counted once, whatever is reported, and lasts over the roll-up."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from octavo.kernel.callbacks import deliveries
from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message.actions import create_message, take_reports
from octavo.products.comms.message.rows import Message, NewMessage, Report, Told
from octavo.products.comms.usage.actions import count, roll_up
from octavo.products.comms.usage.categories import CATEGORIES, TOTAL, ancestry
from octavo.products.comms.usage.queries import usage_records, used
from octavo.products.comms.usage.rows import Used
from octavo.products.comms.usage.trigger.actions import create_trigger, fire_triggers
from octavo.products.comms.usage.trigger.rows import NewTrigger, Recurring
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import a_message, a_number
from tests.products.comms.wire.calls import calling

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


async def test_what_was_used_in_the_last_minutes_of_a_day_fires_after_midnight(ctx: Context, acme: NewAccount) -> None:
    day = ctx.now.replace(hour=23, minute=59, second=50)
    evening, night, noon = (replace(ctx, now=day + timedelta(seconds=late)) for late in (0, 60, 12 * 3600))
    await a_trigger(replace(ctx, now=day - timedelta(days=2)), acme, "2", "daily")
    assert await fire_triggers(evening) == 0
    await counted(evening, Used(acme.account.id, "lookups", evening.now.date(), 2))
    await counted(night, Used(acme.account.id, "lookups", night.now.date(), 2))
    assert await fire_triggers(night) == 1
    assert await fire_triggers(noon) == 0
    told = await deliveries(ctx.db.main, acme.account.id)
    assert len({dict(parse_qsl(one.fields))["IdempotencyToken"] for one in told}) == len(told) == 2


async def test_triggers_that_many_look_at_fire_once(ctx: Context, acme: NewAccount) -> None:
    await a_trigger(ctx, acme, "1", "monthly")
    await counted(ctx, Used(acme.account.id, "lookups", ctx.now.date()))
    assert sum(await asyncio.gather(*(fire_triggers(ctx) for _ in range(8)))) == 1
    assert len(await deliveries(ctx.db.main, acme.account.id)) == 1


async def test_a_name_is_no_short_code(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    message = await create_message(ctx, acme.account, NewMessage(to="+442079460958", from_="Acme", body="Tea"))
    await report(ctx, message, "sent")
    assert (await used(ctx.db.main, acme.account.id, "sms-outbound-longcode", ctx.now.date())).count == 1


async def test_pictures_count_as_mms(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    sender = (await a_number(engines, acme.account)).number
    new = NewMessage(to="+14155550100", from_=sender, body="Tea", media_urls=("https://example.com/a.png",))
    await report(ctx, await create_message(ctx, acme.account, new), "sent")
    found = [await used(ctx.db.main, acme.account.id, name, ctx.now.date()) for name in ("mms-outbound", "sms")]
    assert [one.count for one in found] == [1, 0]


LISTS = ("", "/AllTime", "/Daily", "/Monthly", "/Yearly")


async def test_all_lists_agree(app_server: AppServer, ctx: Context, acme: NewAccount) -> None:
    today = ctx.now.date()
    opened = ctx.now - timedelta(days=800)
    await ctx.db.main.execute("UPDATE comms.account SET created_at = $2 WHERE account_id = $1", acme.account.id, opened)
    past = [0, 1, *range(2, 800, 13)]
    used_on = {today - timedelta(days=days): days + 1 for days in past}
    await counted(ctx, *(Used(acme.account.id, "lookups", day, many, many, 7) for day, many in used_on.items()))
    client = calling(app_server, acme)
    async with client:

        async def records(path: str, **asked: str) -> list[dict[str, Any]]:
            where = {"Category": "lookups", "PageSize": "1000", **asked}
            answer = await client.get(f"/2010-04-01/Accounts/{acme.account.sid}/Usage/Records{path}.json", params=where)
            found: list[dict[str, Any]] = answer.raise_for_status().json()["usage_records"]
            return found

        sums = [sum(int(one["count"]) for one in await records(path)) for path in LISTS]
        daily = {one["start_date"]: int(one["count"]) for one in await records("/Daily")}
        monthly = {one["start_date"][:7]: int(one["count"]) for one in await records("/Monthly")}
        named = {name: int((await records(f"/{name}"))[0]["count"]) for name in ("Today", "Yesterday", "ThisMonth")}
        last = (await records("/LastMonth"))[0]
        assert sums == [sum(used_on.values())] * len(LISTS)
        assert (named["Today"], named["Yesterday"]) == (1, 2)
        assert named["ThisMonth"] == monthly[today.isoformat()[:7]]
        assert int(last["count"]) == monthly[last["start_date"][:7]]
        for month, many in monthly.items():
            assert many == sum(count for day, count in daily.items() if day.startswith(month))
        since = {"StartDate": "-30days", "EndDate": "-1days"}
        assert [int((await records("", **since))[0]["count"])] == [
            sum(int(one["count"]) for one in await records("/Daily", **since))
        ]
        prices = [sum(one["price"] for one in await records(path)) for path in LISTS]
        assert prices == pytest.approx([len(used_on) * 7 / 1_000_000] * len(LISTS))
