"""`octavo comms account`: the operator's way in."""

import json as json_text
from collections.abc import Mapping
from typing import Annotated

import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.identity import NoSuchUser, user_by_login
from octavo.products.comms.account import actions, queries
from octavo.products.comms.account.rows import Account, NewAccount
from octavo.products.comms.media.queries import used_bytes
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import PhoneNumber, Search
from octavo.products.comms.sids import read_sid

accounts = typer.Typer(no_args_is_help=True)
SidArgument = Annotated[str, typer.Argument(help="The account, AC….")]


@accounts.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What to call the account.")],
    owner: Annotated[str, typer.Option(help="Username or e-mail of the person who sees it in the console.")] = "",
    country: Annotated[str, typer.Option(help="Country of its first number, by ISO 3166 letters.")] = "US",
    encrypt_bodies: Annotated[bool, typer.Option(help="Keep the texts of its messages encrypted.")] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Open an account with a number to send from, and print its credentials, which are shown only here."""

    async def work(ctx: Context) -> tuple[NewAccount, PhoneNumber]:
        person = await user_by_login(ctx.db.user, owner) if owner else None
        if owner and person is None:
            raise NoSuchUser(owner)
        owner_id = person.id if person else None
        new = await actions.create_account(ctx, name=name, owner_id=owner_id, encrypt_bodies=encrypt_bodies)
        return new, await buy_any_number(ctx, new.account, Search(country=country))

    new, number = run_work(context, data, work)
    shown = {
        "sid": new.account.sid,
        "auth_token": new.auth_token,
        "test_sid": new.test_sid,
        "test_auth_token": new.test_auth_token,
        "phone_number": number.number,
    }
    _print(shown, json=json)


@accounts.command("update")
def update(
    context: typer.Context,
    sid: SidArgument,
    name: Annotated[str | None, typer.Option(help="What to call it from now on.")] = None,
    encrypt_bodies: Annotated[
        bool | None, typer.Option(help="Keep texts encrypted; those that are there are sealed within minutes.")
    ] = None,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Rename an account, or have its texts kept encrypted from now on, or no longer."""

    async def work(ctx: Context) -> dict[str, object]:
        account = await queries.account(ctx.db.main, read_sid(sid, "AC"))
        return await _shown(ctx, await actions.change_account(ctx, account, name=name, encrypt_bodies=encrypt_bodies))

    _print(run_work(context, data, work), json=json)


@accounts.command("show")
def show(context: typer.Context, sid: SidArgument, data: DataOption = None, json: JsonOption = False) -> None:
    """Print how an account is set up, and how much of its storage it has used."""

    async def work(ctx: Context) -> dict[str, object]:
        return await _shown(ctx, await queries.account(ctx.db.main, read_sid(sid, "AC")))

    _print(run_work(context, data, work), json=json)


async def _shown(ctx: Context, account: Account) -> dict[str, object]:
    return {
        "sid": account.sid,
        "name": account.friendly_name,
        "status": account.status,
        "encrypt_bodies": account.encrypt_bodies,
        "storage_used": await used_bytes(ctx.db.main, account.id),
        "storage_quota": ctx.settings.comms.media_quota,
    }


def _print(shown: Mapping[str, object], *, json: bool) -> None:
    if json:
        print(json_text.dumps(shown))
        return
    for key, value in shown.items():
        typer.echo(f"{key:16} {f'{value:,}' if type(value) is int else value}")
