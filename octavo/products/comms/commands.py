"""`octavo comms`: the commands of all rooms."""

import typer

from octavo.products.comms.account.commands import accounts
from octavo.products.comms.carrier.scenario.commands import scenarios
from octavo.products.comms.guard.commands import guards
from octavo.products.comms.message.commands import body_key
from octavo.products.comms.optout.commands import words
from octavo.products.comms.proxy.commands import proxy

commands = typer.Typer(no_args_is_help=True)
commands.add_typer(accounts, name="account", help="Open accounts of the communications API.")
commands.add_typer(guards, name="guard", help="What accounts may send: countries, caps, quiet hours, fraud.")
commands.add_typer(scenarios, name="scenario", help="Play scenarios of virtual handsets for tests.")
commands.command("body-key")(body_key)
commands.command("proxy")(proxy)
commands.command("words")(words)
