"""`octavo events`: see the events that a consumer could not take, and have them tried once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from octavo.kernel.events.actions import retry_parked
from octavo.kernel.events.queries import parked_events

if TYPE_CHECKING:
    from octavo.kernel.context import CommandRunner, Context

T = TypeVar("T")

commands = typer.Typer(no_args_is_help=True)

Data = Annotated[
    Path | None,
    typer.Option("--data", help="The data directory. Default: OCTAVO_DATA_DIR, or octavo-data.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


@commands.command("parked")
def parked(context: typer.Context, data: Data = None, json: Json = False) -> None:
    """List the events that were set aside because a consumer failed at them too often, the latest first."""
    events = _run(context, data, lambda ctx: parked_events(ctx.db.main))
    if json:
        print(msgspec.json.encode(events).decode())
        return
    if not events:
        print("No event is parked.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("since", "consumer", "event", "reason"):
        table.add_column(heading)
    for event in events:
        table.add_row(f"{event.parked_at:%Y-%m-%d %H:%M}", event.consumer, event.name, event.error)
    Console().print(table)


@commands.command("retry")
def retry(
    context: typer.Context,
    consumer: Annotated[str | None, typer.Argument(help="Only those of this consumer.", show_default=False)] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Have parked events tried once more, by the consumers that failed at them; a worker does it within seconds."""
    number = _run(context, data, lambda ctx: retry_parked(ctx.db.main, consumer))
    print(msgspec.json.encode({"retried": number}).decode() if json else f"{number} events are tried again.")


def _run(context: typer.Context, data: Path | None, work: Callable[[Context], Awaitable[T]]) -> T:
    run: CommandRunner = context.obj
    return run(data, work)
