"""`octavo comms account`: the operator's way in."""

import json as json_text
from typing import Annotated

import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.identity import NoSuchUser, user_by_login
from octavo.products.comms.account import actions
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import PhoneNumber, Search

accounts = typer.Typer(no_args_is_help=True)


@accounts.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What to call the account.")],
    owner: Annotated[str, typer.Option(help="Username or e-mail of the person who sees it in the console.")] = "",
    country: Annotated[str, typer.Option(help="Country of its first number, by ISO 3166 letters.")] = "US",
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Open an account with a number to send from, and print its credentials, which are shown only here."""

    async def work(ctx: Context) -> tuple[NewAccount, PhoneNumber]:
        person = await user_by_login(ctx.db.user, owner) if owner else None
        if owner and person is None:
            raise NoSuchUser(owner)
        new = await actions.create_account(ctx, name=name, owner_id=person.id if person else None)
        return new, await buy_any_number(ctx, new.account, Search(country=country))

    new, number = run_work(context, data, work)
    shown = {
        "sid": new.account.sid,
        "auth_token": new.auth_token,
        "test_sid": new.test_sid,
        "test_auth_token": new.test_auth_token,
        "phone_number": number.number,
    }
    if json:
        print(json_text.dumps(shown))
        return
    for key, value in shown.items():
        typer.echo(f"{key:16} {value}")
