"""What the commands of all packages share: their options, and the way to the database of a data directory."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

import typer

from octavo.kernel.context import Context
from octavo.kernel.refusals import Refusal

T = TypeVar("T")

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="The data directory. Default: OCTAVO_DATA_DIR, or octavo-data here.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead of words.")]


class CommandRunner(Protocol):
    """What the command line hands to a package's commands (as Typer's `obj`), because a package may not import it."""

    def __call__(self, data_dir: Path | None, work: Callable[[Context], Awaitable[T]]) -> T:
        """Run `work` as the system, on the database of that data directory, whether or not Octavo is up."""
        ...


def run_work(context: typer.Context, data: Path | None, work: Callable[[Context], Awaitable[T]]) -> T:
    """What `work` gives. A refusal is told in words, field by field, and ends the command."""
    run: CommandRunner = context.obj
    try:
        return run(data, work)
    except Refusal as refusal:
        typer.echo(refusal.detail, err=True)
        for field, fault in refusal.fields.items():
            typer.echo(f"  {field}: {fault}", err=True)
        raise typer.Exit(1) from None
