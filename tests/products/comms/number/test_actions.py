"""Numbers are bought once, changed, moved and given back."""

import asyncio

import pytest

from octavo.kernel.context import Context
from octavo.products.comms.account.actions import create_account
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import actions, queries
from octavo.products.comms.number.events import AccountClosedSeen
from octavo.products.comms.number.inventory import matching
from octavo.products.comms.number.rows import NumberChanges, Search

NUMBER = "+14152051240"


async def test_a_bought_number_is_found_by_its_account_and_by_itself(ctx: Context, acme: NewAccount) -> None:
    bought = await actions.buy_number(ctx, acme.account, NUMBER)
    assert (bought.number, bought.country, bought.kind, bought.sms) == (NUMBER, "US", "local", True)
    assert bought.friendly_name == "(415) 205-1240"
    assert await queries.owned_number(ctx.db.main, acme.account.id, NUMBER) == bought
    assert await queries.number_by_e164(ctx.db.main, NUMBER) == bought


async def test_a_number_belongs_to_one_account_however_many_want_it(
    ctx: Context, acme: NewAccount, another: NewAccount
) -> None:
    results = await asyncio.gather(
        *(actions.buy_number(ctx, new.account, NUMBER) for new in (acme, another, acme)), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, CommsRefusal)]
    assert [one.number for one in refused] == [21422, 21422]


async def test_what_is_taken_is_no_longer_offered(ctx: Context, acme: NewAccount) -> None:
    search = Search(country="US", area_code="415")
    first = await actions.buy_any_number(ctx, acme.account, search)
    second = await actions.buy_any_number(ctx, acme.account, search)
    assert first.number != second.number
    offered = await queries.available_numbers(ctx.db.main, ctx.settings.comms.number_seed, search, 50)
    assert {first.number, second.number}.isdisjoint(one.number for one in offered)
    assert len({one.number for one in offered}) == 50


async def test_numbers_are_offered_when_the_beginning_of_the_stock_is_bought_up(ctx: Context, acme: NewAccount) -> None:
    search = Search(country="US", area_code="415")
    first = [one.number for one in matching(ctx.settings.comms.number_seed, search)]
    await ctx.db.main.execute(
        """
        INSERT INTO comms.number_directory (number, account_id, id) SELECT number, $2, $2 FROM unnest($1::text[]) number
        """,
        first,
        acme.account.id,
    )
    bought = await actions.buy_any_number(ctx, acme.account, search)
    assert bought.number.startswith("+1415")
    assert bought.number not in first


async def test_many_who_buy_at_once_all_get_a_number_of_their_own(ctx: Context, acme: NewAccount) -> None:
    search = Search(country="US", area_code="415")
    bought = await asyncio.gather(*(actions.buy_any_number(ctx, acme.account, search) for _ in range(25)))
    assert len({one.number for one in bought}) == 25


async def test_an_area_without_numbers_is_refused(ctx: Context, acme: NewAccount) -> None:
    with pytest.raises(CommsRefusal) as refused:
        await actions.buy_any_number(ctx, acme.account, Search(country="US", area_code="533"))
    assert refused.value.number == 21452


async def test_only_what_is_given_changes(ctx: Context, acme: NewAccount) -> None:
    bought = await actions.buy_number(
        ctx, acme.account, NUMBER, NumberChanges(sms_url="https://a.example", sms_method="GET")
    )
    changed = await actions.change_number(ctx, acme.account, bought.id, NumberChanges(voice_url="https://b.example"))
    assert (changed.sms_url, changed.sms_method, changed.voice_url) == ("https://a.example", "GET", "https://b.example")
    cleared = await actions.change_number(ctx, acme.account, bought.id, NumberChanges(sms_url=""))
    assert (cleared.sms_url, cleared.friendly_name) == ("", "(415) 205-1240")


async def test_a_number_moves_within_the_family_and_not_to_strangers(
    ctx: Context, acme: NewAccount, another: NewAccount
) -> None:
    child = (await create_account(ctx, name="Branch", parent=acme.account)).account
    bought = await actions.buy_number(ctx, acme.account, NUMBER, NumberChanges(sms_url="https://a.example"))
    moved = await actions.transfer_number(ctx, acme.account, bought.id, child)
    assert (moved.account_id, moved.id, moved.sms_url) == (child.id, bought.id, "https://a.example")
    assert await queries.number_by_e164(ctx.db.main, NUMBER) == moved
    assert await queries.owned_number(ctx.db.main, acme.account.id, NUMBER) is None
    with pytest.raises(CommsRefusal) as refused:
        await actions.transfer_number(ctx, child, bought.id, another.account)
    assert refused.value.number == 21473


async def test_a_released_number_can_be_bought_again(ctx: Context, acme: NewAccount, another: NewAccount) -> None:
    bought = await actions.buy_number(ctx, acme.account, NUMBER)
    with pytest.raises(CommsRefusal):
        await actions.release_number(ctx, another.account, bought.id)
    await actions.release_number(ctx, acme.account, bought.id)
    assert await queries.number_by_e164(ctx.db.main, NUMBER) is None
    assert (await actions.buy_number(ctx, another.account, NUMBER)).account_id == another.account.id


async def test_the_numbers_of_a_closed_account_go_back(ctx: Context, acme: NewAccount, another: NewAccount) -> None:
    await actions.buy_number(ctx, acme.account, NUMBER)
    async with ctx.db.main.transaction() as tx:
        await actions.release_of_closed(ctx, tx, AccountClosedSeen(acme.account.id))
    await actions.buy_number(ctx, another.account, NUMBER)
