"""`octavo media`: what an operator does about films, their files and their playback."""

from typing import Annotated

import msgspec
import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.media.delivery.keys import rotate_playback_keys
from octavo.kernel.media.inspection.actions import mend
from octavo.kernel.media.inspection.rows import Mended, Report
from octavo.kernel.media.inspection.walk import inspect
from octavo.kernel.media.inspection.wording import report_lines
from octavo.kernel.media.renewal.commands import re_encode, re_package
from octavo.kernel.media.storage.commands import storage
from octavo.kernel.media.upload.commands import quota

SOMETHING_IS_WRONG = 4  # as fsck(8) says; 1 is what every command that could not do its work ends with

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def media() -> None:
    """Uploaded films: their files and their playback."""


@commands.command("rotate-keys")
def rotate_keys(context: typer.Context, data: DataOption = None) -> None:
    """Sign playback addresses with a new key from now on; those of the last two keys stay valid."""

    async def work(ctx: Context) -> str:
        return rotate_playback_keys(ctx.settings)

    print(f"Playback addresses are now signed by the key {run_work(context, data, work)}.")


@commands.command("fsck")
def fsck(
    context: typer.Context,
    deep: Annotated[bool, typer.Option("--deep", help="Read every file and compare its hash as well.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended without losing anything.")] = False,
    young: Annotated[
        bool, typer.Option("--young", help="Count files as stray from their first moment. Only while nothing works.")
    ] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Compare every row with its file and every file with its row. Exit code 4: something is wrong, and stays so."""
    if repair and young:
        raise typer.BadParameter("young files may still be in use: --repair and --young exclude each other")

    async def work(ctx: Context) -> tuple[Report, list[Mended]]:
        report = await inspect(ctx, deep=deep, young=young)
        return report, [await mend(ctx, fault) if repair else Mended(fault, "") for fault in report.faults]

    report, mended = run_work(context, data, work)
    if json:
        print(msgspec.json.encode({**msgspec.to_builtins(report), "faults": mended}).decode())
    else:
        print("\n".join(report_lines(report, mended, repaired=repair)))
    if not all(one.done for one in mended):
        raise typer.Exit(SOMETHING_IS_WRONG)


commands.command("quota")(quota)
commands.command("re-encode")(re_encode)
commands.command("re-package")(re_package)
commands.command("storage")(storage)
