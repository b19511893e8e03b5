"""Numbers in the console; every form works without JavaScript."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid, NotFound
from octavo.products.comms.account import queries as accounts
from octavo.products.comms.account.rows import Account, AccountId
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.console.numbers.forms import (
    AccountForm,
    BuyForm,
    ConfigureForm,
    MoveForm,
    NumberQuery,
    NumbersQuery,
    SearchForm,
    values_of,
)
from octavo.products.comms.console.queries import my_account
from octavo.products.comms.number import actions, inventory, queries
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.number.rules import national_format
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.pricing.queries import all_countries, price_list
from octavo.products.comms.pricing.rules import price_of_number
from octavo.products.comms.sids import is_sid, read_sid

pages = Router("/comms/numbers", product="comms")
PAGE_LENGTH = 50
OFFERED = 20
FAMILY = PageRequest(size=200)


@pages.get("", access=signed_in, summary="Your numbers")
async def numbers_page(ctx: Context, query: NumbersQuery) -> View:
    account = await my_account(ctx, query.account)
    page = PageRequest(size=PAGE_LENGTH, after=query.before or query.after, backward=query.before is not None)
    return View(
        "comms/console/numbers/numbers.html",
        {
            "account": account,
            "accounts": _choices(await _family(ctx, account)),
            "page": await queries.numbers(ctx.db.main, account.id, page),
            "released": query.released if query.released.startswith("+") else "",
            "country_name": inventory.country_name,
            "national_format": national_format,
        },
    )


@pages.get("/search", access=signed_in, summary="Numbers to be had")
async def search_page(ctx: Context, query: SearchForm) -> View:
    account = await my_account(ctx, query.account)
    errors, search = query.errors(), query.search()
    is_there = search.country in inventory.countries() and not errors
    seed = ctx.settings.comms.number_seed
    return View(
        "comms/console/numbers/search.html",
        {
            "account": account,
            "values": query,
            "errors": errors,
            "offered": await queries.available_numbers(ctx.db.main, seed, search, OFFERED) if is_there else [],
            "price": price_of_number(price_list(ctx.settings), search.country, search.kind),
            "countries": sorted(((one.code, one.name) for one in all_countries()), key=lambda pair: pair[1]),
            "national_format": national_format,
        },
    )


@pages.post("", access=signed_in, summary="Buy a number")
async def buy(ctx: Context, form: BuyForm) -> Redirect:
    account = await my_account(ctx, form.account)
    try:
        bought = await actions.buy_number(ctx, account, form.number)
    except CommsRefusal as refusal:
        raise Invalid(refusal.detail) from refusal
    return Redirect(_address(bought, account, done="bought"))


@pages.get("/{sid}", access=signed_in, summary="A number and what answers there")
async def number_page(ctx: Context, sid: str, query: NumberQuery) -> View:
    account = await my_account(ctx, query.account)
    return await _number_view(ctx, account, await _number(ctx, account, sid), done=query.done)


async def _number_again(ctx: Context, sid: str, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    account = await my_account(ctx, values.get("account", ""))
    return await _number_view(ctx, account, await _number(ctx, account, sid), errors=errors, values=values)


@pages.post("/{sid}", access=signed_in, summary="Configure a number", on_invalid=_number_again)
async def configure(ctx: Context, sid: str, form: ConfigureForm) -> Redirect:
    assert ctx.actor.user_id is not None
    account = await my_account(ctx, form.account)
    number = await _number(ctx, account, sid)
    changes = form.changes(number, ctx.actor.user_id)
    return Redirect(_address(await actions.change_number(ctx, account, number.id, changes), account, done="saved"))


@pages.post("/{sid}/move", access=signed_in, summary="Move a number to another account")
async def move(ctx: Context, sid: str, form: MoveForm) -> Redirect:
    account, target = await my_account(ctx, form.account), await my_account(ctx, form.to)
    number = await _number(ctx, account, sid)
    try:
        moved = await actions.transfer_number(ctx, account, number.id, target)
    except CommsRefusal as refusal:
        raise Invalid(refusal.detail) from refusal
    return Redirect(_address(moved, target, done="moved"))


@pages.post("/{sid}/release", access=signed_in, summary="Give a number back")
async def release(ctx: Context, sid: str, form: AccountForm) -> Redirect:
    account = await my_account(ctx, form.account)
    number = await _number(ctx, account, sid)
    await actions.release_number(ctx, account, number.id)
    return Redirect(f"/comms/numbers?{urlencode({'account': account.sid, 'released': number.number})}")


async def _number(ctx: Context, account: Account, sid: str) -> PhoneNumber:
    if not is_sid(sid, "PN"):
        raise NotFound("There is no such number.")
    try:
        return await queries.number_by_id(ctx.db.main, account.id, read_sid(sid, "PN"))
    except CommsRefusal as refusal:
        raise NotFound("There is no such number in this account; it may have been moved or released.") from refusal


async def _number_view(
    ctx: Context,
    account: Account,
    number: PhoneNumber,
    *,
    done: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
) -> View:
    return View(
        "comms/console/numbers/number.html",
        {
            "account": account,
            "number": number,
            "others": _choices(one for one in await _family(ctx, account) if one.id != account.id),
            "done": done,
            "errors": errors or {},
            "values": values or values_of(number, ctx.actor.user_id),
            "price": price_of_number(price_list(ctx.settings), number.country, number.kind),
            "country": inventory.country_name(number.country),
            "national_format": national_format,
        },
    )


async def _family(ctx: Context, account: Account) -> list[Account]:
    """The account with its parent or its sub-accounts: those between which numbers move."""
    top = AccountId(account.parent_id or account.id)
    found = await accounts.family(ctx.db.main, top, FAMILY, name=None, status="active")
    return found.items[::-1]


def _choices(some: Iterable[Account]) -> list[tuple[str, str]]:
    return [(one.sid, one.friendly_name) for one in some]


def _address(number: PhoneNumber, account: Account, *, done: str) -> str:
    return f"/comms/numbers/{number.sid}?{urlencode({'account': account.sid, 'done': done})}"
