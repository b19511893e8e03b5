"""Usage: what an account sent, received and spent, day by day, as charts and as tables."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct, structs

from octavo.kernel.context import Context
from octavo.kernel.http import Router, View, signed_in
from octavo.products.comms.account.rows import Account
from octavo.products.comms.console.queries import my_account, my_accounts
from octavo.products.comms.console.usage.charts import chart
from octavo.products.comms.media.queries import used_bytes
from octavo.products.comms.pricing.queries import price_list
from octavo.products.comms.usage.categories import CATEGORIES, TOTAL
from octavo.products.comms.usage.queries import usage_records
from octavo.products.comms.usage.rows import Record
from octavo.products.comms.usage.rules import MILLIONTHS

pages = Router("/comms/usage", product="comms")
MESSAGES = ("sms", "mms")
CENT, TENTH_OF_CENT = Decimal("0.01"), Decimal("0.001")


class UsageQuery(Struct, frozen=True):
    account: str = ""
    days: Literal[7, 30, 90] = 30


class Day(Struct, frozen=True):
    day: date
    messages: int
    price: Decimal


@pages.get("", access=signed_in, summary="Usage")
async def usage_page(ctx: Context, query: UsageQuery) -> View:
    """What was used in the last days, today included."""
    account = await my_account(ctx, query.account)
    end = ctx.now.date()
    start = end - timedelta(days=query.days - 1)
    sums = {one.category: one for one in await usage_records(ctx.db.main, [account.id], start, end, "whole")}
    spans = [start + timedelta(days=past) for past in range(query.days)]
    days = await _by_day(ctx, account, spans)
    return View(
        "comms/console/usage/usage.html",
        {
            "account": account,
            "accounts": [(one.sid, one.friendly_name) for one in await my_accounts(ctx)],
            "days": query.days,
            "currency": price_list(ctx.settings).currency,
            "spent": in_units(sums[TOTAL].price, CENT),
            "sent": sum(sums[f"{kind}-outbound"].count for kind in MESSAGES),
            "received": sum(sums[f"{kind}-inbound"].count for kind in MESSAGES),
            "messages_chart": chart(spans, [one.messages for one in days]),
            "price_chart": chart(spans, [int(one.price * 100) for one in days]),
            "stored": await used_bytes(ctx.db.main, account.id),
            "quota": ctx.settings.comms.media_quota,
            "by_day": [one for one in reversed(days) if one.messages or one.price],
            "by_category": [(CATEGORIES[one.category], one, in_units(one.price)) for one in _used(sums)],
        },
    )


def in_units(price: int, to: Decimal = TENTH_OF_CENT) -> Decimal:
    return (Decimal(price) / MILLIONTHS).quantize(to)


async def _by_day(ctx: Context, account: Account, spans: list[date]) -> list[Day]:
    found = await usage_records(ctx.db.main, [account.id], spans[0], spans[-1], "day")
    by_day = {(one.start, one.category): one for one in found}

    def of(day: date, category: str) -> Record:
        return by_day.get((day, category)) or Record(category, day, day, 0, 0, 0)

    return [
        Day(day, sum(of(day, kind).count for kind in MESSAGES), in_units(of(day, TOTAL).price, CENT)) for day in spans
    ]


def _used(sums: dict[str, Record]) -> list[Record]:
    """What was counted under each category itself, without the sums of others, the dearest first."""
    own = [one for one in (_own(record, sums) for record in sums.values()) if one.count and one.category != TOTAL]
    return sorted(own, key=lambda one: (-one.price, one.category))


def _own(record: Record, sums: dict[str, Record]) -> Record:
    within = [sums[one.name] for one in CATEGORIES.values() if one.parent == record.category]
    return structs.replace(
        record,
        count=record.count - sum(one.count for one in within),
        usage=record.usage - sum(one.usage for one in within),
        price=record.price - sum(one.price for one in within),
    )
