"""The first pages of the console: a person's accounts, and one account with its credentials."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, Redirect, Router, View, signed_in
from octavo.kernel.refusals import Invalid
from octavo.products.comms.account import actions
from octavo.products.comms.account import queries as accounts
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.console.queries import my_account, my_accounts
from octavo.products.comms.paging import PageRequest

pages = Router("/comms", product="comms")
MOST_SUB_ACCOUNTS = 100


class AccountForm(Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=64)]


class SettingsForm(Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    encrypt_bodies: bool = False


class SubAccountForm(Struct, frozen=True):
    sub_name: Annotated[str, Meta(min_length=1, max_length=64)]


class StatusForm(Struct, frozen=True):
    status: Literal["active", "suspended", "closed"]


@pages.get("", access=signed_in, summary="Your accounts of the communications API")
async def overview(ctx: Context) -> View:
    return View("comms/console/overview.html", {"accounts": await my_accounts(ctx), "errors": {}, "values": {}})


async def _overview_again(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    data = {"accounts": await my_accounts(ctx), "errors": errors, "values": values}
    return View("comms/console/overview.html", data)


@pages.post(
    "/accounts",
    access=signed_in,
    summary="Open an account",
    on_invalid=_overview_again,
    limit=Limit("comms.accounts", 20, per=3600),
)
async def open_account(ctx: Context, form: AccountForm) -> Redirect:
    new = await actions.create_account(ctx, name=form.name, owner_id=ctx.actor.user_id)
    return Redirect(f"/comms/accounts/{new.account.sid}")


@pages.get("/accounts/{sid}", access=signed_in, summary="An account and its credentials")
async def account_page(ctx: Context, sid: str) -> View:
    return await _account_view(ctx, sid, {}, {})


async def _account_again(ctx: Context, sid: str, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _account_view(ctx, sid, errors, values)


@pages.post("/accounts/{sid}", access=signed_in, summary="Change an account", on_invalid=_account_again)
async def change_account(ctx: Context, sid: str, form: SettingsForm) -> Redirect:
    account = await my_account(ctx, sid)
    await actions.change_account(ctx, account, name=form.name, encrypt_bodies=form.encrypt_bodies)
    return Redirect(f"/comms/accounts/{sid}")


@pages.post("/accounts/{sid}/token", access=signed_in, summary="Show the auth token")
async def show_token(ctx: Context, sid: str) -> Answer:
    """By POST, so that the token stands in no history, and the page that shows it is never kept."""
    view = await _account_view(ctx, sid, {}, {}, with_token=True)
    return Answer(view, headers={"cache-control": "no-store"})


@pages.post("/accounts/{sid}/sub-accounts", access=signed_in, summary="Open a sub-account", on_invalid=_account_again)
async def open_sub_account(ctx: Context, sid: str, form: SubAccountForm) -> Redirect:
    await actions.create_account(ctx, name=form.sub_name, parent=await my_account(ctx, sid))
    return Redirect(f"/comms/accounts/{sid}")


@pages.post("/accounts/{sid}/status", access=signed_in, summary="Suspend, open again or close a sub-account")
async def change_status(ctx: Context, sid: str, form: StatusForm) -> Redirect:
    account = await my_account(ctx, sid)
    try:
        changed = await actions.change_account(ctx, account, status=form.status)
    except CommsRefusal as refusal:
        raise Invalid(refusal.detail) from refusal
    return Redirect(f"/comms/accounts/{changed.owner_sid}")


async def _account_view(
    ctx: Context, sid: str, errors: Mapping[str, str], values: Mapping[str, str], *, with_token: bool = False
) -> View:
    account = await my_account(ctx, sid)
    everyone = await accounts.family(
        ctx.db.main, account.id, PageRequest(size=MOST_SUB_ACCOUNTS), name=None, status=None
    )
    return View(
        "comms/console/account.html",
        {
            "account": account,
            "children": [one for one in everyone.items if one.id != account.id],
            "token": await accounts.signing_token(ctx.engines, account.id) if with_token else "",
            "errors": errors,
            "values": {"name": account.friendly_name, **values},
        },
    )
