"""`octavo comms scenario`: check and play scenarios."""

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.refusals import Refusal
from octavo.products.comms.account.queries import account
from octavo.products.comms.carrier.scenario.actions import play
from octavo.products.comms.carrier.scenario.reading import read_scenario
from octavo.products.comms.carrier.scenario.rows import Scenario
from octavo.products.comms.sids import read_sid

scenarios = typer.Typer(no_args_is_help=True)
FileArgument = Annotated[Path, typer.Argument(help="The YAML file.", exists=True, dir_okay=False, readable=True)]


@scenarios.command("check")
def check(file: FileArgument) -> None:
    """Say what is wrong with a scenario, without playing it."""
    scenario = _read(file)
    typer.echo(f"{len(scenario.handsets)} handsets, {len(scenario.messages)} messages: all well.")


@scenarios.command("run")
def run(
    context: typer.Context,
    file: FileArgument,
    to: Annotated[str, typer.Option("--account", help="The SID of the account whose handsets these are.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Make the handsets of a scenario, and have its messages come in when they are due (while Octavo is up)."""
    scenario = _read(file)

    async def work(ctx: Context) -> None:
        found = await account(ctx.db.main, read_sid(to, "AC"))
        await play(ctx, found.id, scenario)

    run_work(context, data, work)
    if json:
        print(json_text.dumps({"handsets": len(scenario.handsets), "messages": len(scenario.messages)}))
    else:
        typer.echo(f"{len(scenario.handsets)} handsets are there, {len(scenario.messages)} messages will come in.")


def _read(file: Path) -> Scenario:
    try:
        return read_scenario(file.read_text())
    except UnicodeDecodeError:
        typer.echo(f"{file} is not text in UTF-8.", err=True)
    except Refusal as refusal:
        typer.echo(f"{file}: {refusal.detail}", err=True)
        for place, fault in refusal.fields.items():
            typer.echo(f"  {place}: {fault}", err=True)
    raise typer.Exit(1)
