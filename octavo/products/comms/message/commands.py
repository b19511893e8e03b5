"""`octavo comms body-key`: a new key for the texts of an account."""

from typing import Annotated

import typer

from octavo.kernel.command_line import DataOption, run_work
from octavo.kernel.context import Context
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.message.bodies import new_body_key
from octavo.products.comms.sids import read_sid


def body_key(
    context: typer.Context,
    account_sid: Annotated[str, typer.Argument(help="The account, AC….")],
    data: DataOption = None,
) -> None:
    """Give an account a new key for its encrypted texts; those under older keys are sealed anew within a day."""

    async def work(ctx: Context) -> None:
        account = await find_account(ctx.db.main, read_sid(account_sid, "AC"))
        await new_body_key(ctx.engines, account.id)

    run_work(context, data, work)
    typer.echo(f"{account_sid} has a new key; it seals new texts within a minute.")
