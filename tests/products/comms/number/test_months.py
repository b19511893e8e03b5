"""A number is paid for by the month, as long as an account has it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time

from octavo.kernel.context import Context
from octavo.products.comms.account.actions import create_account
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.number import actions
from octavo.products.comms.number.months import count_months
from octavo.products.comms.usage.queries import usage_records
from octavo.products.comms.usage.rows import Record

NUMBER = "+14152051240"


def on(ctx: Context, day: str) -> Context:
    return replace(ctx, now=datetime.combine(datetime.fromisoformat(day), time(9), UTC))


async def months(ctx: Context, new: NewAccount) -> list[Record]:
    found = await usage_records(
        ctx.db.main,
        [new.account.id],
        on(ctx, "2026-01-01").now.date(),
        on(ctx, "2027-12-31").now.date(),
        "day",
        "phonenumbers",
    )
    return found[::-1]


async def test_each_month_is_counted_once_on_its_first_day(ctx: Context, acme: NewAccount) -> None:
    await actions.buy_number(on(ctx, "2026-01-31"), acme.account, NUMBER)
    assert await count_months(on(ctx, "2026-02-27")) == 0
    assert sum(await asyncio.gather(*(count_months(on(ctx, "2026-02-28")) for _ in range(4)))) == 1
    late = on(ctx, "2026-05-01")
    while await count_months(late):
        pass
    found = await months(ctx, acme)
    assert [f"{one.start:%m-%d}" for one in found] == ["01-31", "02-28", "03-31", "04-30"]
    assert len({one.price for one in found}) == 1
    assert found[0].price > 0


async def test_a_moved_number_is_paid_by_its_new_account_from_the_next_month_on(ctx: Context, acme: NewAccount) -> None:
    branch = await create_account(ctx, name="Branch", parent=acme.account)
    bought = await actions.buy_number(on(ctx, "2026-01-10"), acme.account, NUMBER)
    await actions.transfer_number(on(ctx, "2026-01-20"), acme.account, bought.id, branch.account)
    assert await count_months(on(ctx, "2026-02-10")) == 1
    assert [f"{one.start:%m-%d}" for one in await months(ctx, acme)] == ["01-10"]
    assert [f"{one.start:%m-%d}" for one in await months(ctx, branch)] == ["02-10"]


async def test_a_number_that_is_given_back_costs_nothing_more(ctx: Context, acme: NewAccount) -> None:
    bought = await actions.buy_number(on(ctx, "2026-01-10"), acme.account, NUMBER)
    await actions.release_number(ctx, acme.account, bought.id)
    assert await count_months(on(ctx, "2026-12-10")) == 0
