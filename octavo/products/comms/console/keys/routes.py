"""API keys: made, and taken back at once. A secret is shown once, when it is made."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Answer, Limit, Redirect, Router, View, signed_in
from octavo.kernel.refusals import NotFound
from octavo.products.comms.account import actions, queries
from octavo.products.comms.account.rows import Account, NewApiKey
from octavo.products.comms.console.queries import my_account, my_accounts
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.sids import is_sid, read_sid

pages = Router("/comms/keys", product="comms")
MOST_KEYS = PageRequest(size=200)


class KeysQuery(Struct, frozen=True):
    account: str = ""


class KeyForm(Struct, frozen=True):
    account: str
    name: Annotated[str, Meta(min_length=1, max_length=64)]


class DeleteForm(Struct, frozen=True):
    account: str


@pages.get("", access=signed_in, summary="API keys")
async def keys_page(ctx: Context, query: KeysQuery) -> View:
    return await _view(ctx, await my_account(ctx, query.account), {}, {})


async def _again(ctx: Context, errors: Mapping[str, str], values: Mapping[str, str]) -> View:
    return await _view(ctx, await my_account(ctx, values.get("account", "")), errors, values)


@pages.post(
    "",
    access=signed_in,
    summary="Make an API key",
    on_invalid=_again,
    limit=Limit("comms.keys", 60, per=3600),
)
async def make_key(ctx: Context, form: KeyForm) -> Answer:
    """The answer shows the secret, so it is kept nowhere."""
    account = await my_account(ctx, form.account)
    new = await actions.create_key(ctx, account, name=form.name)
    return Answer(await _view(ctx, account, {}, {}, new=new), headers={"cache-control": "no-store"})


@pages.post("/{sid}/delete", access=signed_in, summary="Take an API key back")
async def delete_key(ctx: Context, sid: str, form: DeleteForm) -> Redirect:
    account = await my_account(ctx, form.account)
    if not is_sid(sid, "SK"):
        raise NotFound("There is no such key.")
    await actions.delete_key(ctx, account, read_sid(sid, "SK"))
    return Redirect(f"/comms/keys?account={account.sid}")


async def _view(
    ctx: Context,
    account: Account,
    errors: Mapping[str, str],
    values: Mapping[str, str],
    new: NewApiKey | None = None,
) -> View:
    return View(
        "comms/console/keys/keys.html",
        {
            "account": account,
            "accounts": [(one.sid, one.friendly_name) for one in await my_accounts(ctx)],
            "keys": (await queries.api_keys(ctx.db.main, account.id, MOST_KEYS)).items,
            "new": new,
            "errors": errors,
            "values": values,
        },
    )
