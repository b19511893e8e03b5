"""`octavo media storage`: what takes how much room."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.media.storage.queries import storage_report
from octavo.kernel.media.storage.rows import StorageReport
from octavo.kernel.media.storage.tables import report_tables


def storage(
    context: typer.Context,
    people: Annotated[int, typer.Option(min=1, help="Most people to list, those with the largest films first.")] = 20,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Say how much room films take: by kind of file, by rung, by person, and how it has grown."""

    async def work(ctx: Context) -> StorageReport:
        return await storage_report(ctx, people=people)

    report = run_work(context, data, work)
    if json:
        print(msgspec.json.encode({"bytes": report.bytes, **msgspec.to_builtins(report)}).decode())
    else:
        Console().print(report_tables(report))
