"""`octavo comms`: the commands of all rooms."""

import typer

from octavo.products.comms.account.commands import accounts

commands = typer.Typer(no_args_is_help=True)
commands.add_typer(accounts, name="account", help="Open accounts of the communications API.")
