"""`octavo mail`: read what was written, where no server delivers it."""

from typing import Annotated

import msgspec
import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.mail.queries import outbox
from octavo.kernel.mail.rows import KeptMail

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def mail() -> None:
    """Mails that Octavo wrote."""


@commands.command("outbox")
def show_outbox(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="The address that the mails are for.")],
    most: Annotated[int, typer.Option(min=1, help="Most mails to show.")] = 20,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Show the newest mails to an address, sent or kept."""

    async def work(ctx: Context) -> list[KeptMail]:
        return await outbox(ctx.db.main, to.strip().lower(), most=most)

    found = run_work(context, data, work)
    if json:
        print(msgspec.json.encode(found).decode())
        return
    for one in found:
        typer.echo(f"{one.created_at:%Y-%m-%d %H:%M:%S}  {one.state}  {one.subject}\n{one.text}\n")
    if not found:
        typer.echo("No mails.")
