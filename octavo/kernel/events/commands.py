"""`octavo events`: see the events that a consumer could not take, and have them tried once more."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.events.actions import retry_parked
from octavo.kernel.events.queries import parked_events

commands = typer.Typer(no_args_is_help=True)


@commands.command("parked")
def parked(context: typer.Context, data: DataOption = None, json: JsonOption = False) -> None:
    """List the events that were set aside because a consumer failed at them too often, the latest first."""
    events = run_work(context, data, lambda ctx: parked_events(ctx.db.main))
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
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Have parked events tried once more, by the consumers that failed at them; a worker does it within seconds."""
    number = run_work(context, data, lambda ctx: retry_parked(ctx.db.main, consumer))
    print(msgspec.json.encode({"retried": number}).decode() if json else f"{number} events are tried again.")
