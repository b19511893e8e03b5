"""`octavo media`: what an operator does about playback."""

import typer

from octavo.kernel.command_line import DataOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.media.delivery.keys import rotate_playback_keys

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def media() -> None:
    """Playback of uploaded films."""


@commands.command("rotate-keys")
def rotate_keys(context: typer.Context, data: DataOption = None) -> None:
    """Sign playback addresses with a new key from now on; those of the last two keys stay valid."""

    async def work(ctx: Context) -> str:
        return rotate_playback_keys(ctx.settings)

    print(f"Playback addresses are now signed by the key {run_work(context, data, work)}.")
