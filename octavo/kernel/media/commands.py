"""`octavo media`: what an operator does about playback."""

from pathlib import Path
from typing import Annotated

import typer

from octavo.kernel.context import CommandRunner, Context
from octavo.kernel.media.delivery.keys import rotate_playback_keys

commands = typer.Typer(no_args_is_help=True)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data directory. Default: OCTAVO_DATA_DIR, or octavo-data.", show_default=False),
]


@commands.callback()
def media() -> None:
    """Playback of uploaded films."""


@commands.command("rotate-keys")
def rotate_keys(context: typer.Context, data: Data = None) -> None:
    """Sign playback addresses with a new key from now on; those of the last two keys stay valid."""
    runner: CommandRunner = context.obj

    async def work(ctx: Context) -> str:
        return rotate_playback_keys(ctx.settings)

    print(f"Playback addresses are now signed by the key {runner(data, work)}.")
