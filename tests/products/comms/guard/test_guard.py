"""The guard as senders meet it: refusals in the vendor's codes, counted per day, and blocks that pass."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.account.actions import create_account
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard import actions, queries, watch
from octavo.products.comms.guard.rows import Policy
from octavo.products.comms.message.actions import create_message, create_messages, take_reports
from octavo.products.comms.message.rows import Message, NewMessage, Report
from octavo.products.comms.number.actions import buy_number

OURS, LONDON, KARACHI = "+14152051240", "+442079460958", "+922134567890"


@pytest.fixture
async def sender(ctx: Context, acme: NewAccount) -> str:
    await buy_number(ctx, acme.account, OURS)
    return OURS


def to(number: str, body: str = "Hello") -> NewMessage:
    return NewMessage(to=number, from_=OURS, body=body)


async def refused(ctx: Context, new: NewAccount, message: NewMessage) -> int | None:
    try:
        await create_message(ctx, new.account, message)
    except CommsRefusal as refusal:
        return refusal.number
    return None


async def test_a_country_that_is_not_enabled_is_refused(ctx: Context, acme: NewAccount, sender: str) -> None:
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, countries_allowed=["GB"]))
    assert await refused(ctx, acme, to(LONDON)) is None
    assert await refused(ctx, acme, to(KARACHI)) == 21408


async def test_in_a_batch_only_what_is_over_the_cap_is_refused(ctx: Context, acme: NewAccount, sender: str) -> None:
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, segments_per_day=4))
    verdicts = await create_messages(ctx, acme.account, [to(LONDON), to(LONDON, "x" * 400), to(LONDON), to(LONDON)])
    assert [one.number if isinstance(one, CommsRefusal) else 0 for one in verdicts] == [0, 0, 20429, 20429]
    assert await refused(ctx, acme, to(LONDON)) == 20429
    tomorrow = ctx.engines.context(ctx.now + timedelta(days=1))
    assert await refused(tomorrow, acme, to(LONDON)) is None


async def test_a_cap_holds_when_many_are_accepted_at_once(ctx: Context, acme: NewAccount, sender: str) -> None:
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, messages_per_day=20))
    batches = [create_messages(ctx, acme.account, [to(LONDON)] * 5) for _ in range(8)]
    verdicts = [one for batch in await asyncio.gather(*batches) for one in batch]
    assert sum(isinstance(one, Message) for one in verdicts) == 20
    assert (await queries.sum_of_day(ctx.db.main, acme.account.id, ctx.now.date())).messages == 20


async def test_what_was_refused_is_noted_by_hour_reason_and_country(
    ctx: Context, acme: NewAccount, sender: str
) -> None:
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, countries_allowed=["GB"], messages_per_day=1))
    for _ in range(2):
        await create_messages(ctx, acme.account, [to(LONDON), to(KARACHI), to(KARACHI)])
    later = ctx.engines.context(ctx.now + timedelta(hours=2))
    await refused(later, acme, to(KARACHI))
    noted = await queries.refused_since(ctx.db.main, acme.account.id, ctx.now - timedelta(days=1), 10)
    found = {(one.number, one.country, one.messages) for one in noted}
    assert (noted[0].last_at, noted[0].recipient) == (later.now, KARACHI)
    assert {(21408, "PK", 4), (21408, "PK", 1), (20429, "GB", 1)} == found
    by_day = await queries.refused_by_day(ctx.db.main, acme.account.id, ctx.now.date() - timedelta(days=1))
    assert sum(by_day.values()) == 6
    assert await actions.forget_refusals(ctx.db.main, ctx.now + timedelta(days=1)) == 3


async def test_without_caps_nothing_is_counted(ctx: Context, acme: NewAccount, sender: str) -> None:
    assert await refused(ctx, acme, to(LONDON)) is None
    assert await ctx.db.main.value("SELECT count(*) FROM comms.guard_day") == 0


async def test_a_sub_account_keeps_to_its_parents_policy_until_it_has_one(ctx: Context, acme: NewAccount) -> None:
    child = (await create_account(ctx, name="Branch", parent=acme.account)).account
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, countries_allowed=["GB"]))
    assert (await queries.policy_of(ctx.db.main, child)).countries_allowed == ["GB"]
    await actions.permit_countries(ctx, child, {"PK": True, "GB": False})
    assert (await queries.policy_of(ctx.db.main, child)).countries_allowed == ["PK"]
    assert (await queries.policy_of(ctx.db.main, acme.account)).countries_allowed == ["GB"]


async def sent(ctx: Context, acme: NewAccount, beginning: str, count: int, state: str) -> None:
    verdicts = await create_messages(ctx, acme.account, [to(f"{beginning}{number:03}") for number in range(count)])
    messages = [one for one in verdicts if isinstance(one, Message)]
    assert len(messages) == count
    await take_reports(ctx, [Report(one.account_id, one.id, state, ctx.now) for one in messages])  # type: ignore[arg-type]


async def test_pumping_is_held_back_told_and_ends(ctx: Context, acme: NewAccount, sender: str) -> None:
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, protects=True))
    await sent(ctx, acme, "+442079460", 40, "undelivered")
    await sent(ctx, acme, "+442079461", 40, "delivered")
    for _ in range(2):
        await watch.look_for_fraud(ctx)
    ctx.engines.cache.clear()
    assert await refused(ctx, acme, to("+442079460999")) == 30450
    assert await refused(ctx, acme, to("+442079461999")) is None
    alerts = await ctx.db.main.column("SELECT number FROM comms.alert WHERE account_id = $1", acme.account.id)
    assert alerts == [30450], "told once"
    later = ctx.engines.context(ctx.now + timedelta(hours=2))
    assert await refused(later, acme, to("+442079460999")) is None
    assert await actions.lift_block(ctx, acme.account.id, "+442079460")
    assert await refused(ctx, acme, to("+442079460999")) is None


async def test_much_to_a_country_out_of_the_blue_is_held_back(ctx: Context, acme: NewAccount, sender: str) -> None:
    await actions.keep_policy(ctx, Policy(account_id=acme.account.id, protects=True))
    await ctx.db.main.execute(
        "INSERT INTO comms.guard_country (account_id, country, first_seen) VALUES ($1, 'GB', $2)",
        acme.account.id,
        ctx.now - timedelta(days=30),
    )
    await sent(ctx, acme, "+442079460", 60, "delivered")
    await sent(ctx, acme, "+922134567", 60, "delivered")
    await watch.look_for_fraud(ctx)
    assert [one.beginning for one in await queries.blocks(ctx.db.main, acme.account.id)] == ["PK"]


async def test_a_moment_is_where_its_ids_begin(ctx: Context) -> None:
    made = new_id()
    assert watch.first_id_of(ctx.now - timedelta(seconds=5)) < made < watch.first_id_of(ctx.now + timedelta(hours=1))
    assert replace(Policy(account_id=made), messages_per_day=0).has_caps
