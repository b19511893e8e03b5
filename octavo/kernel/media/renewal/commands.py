"""`octavo media re-encode` and `re-package`: for one film or all, with their progress."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.encryption.rows import Encryption
from octavo.kernel.media.purposes import asset_behind
from octavo.kernel.media.renewal import queries
from octavo.kernel.media.renewal.actions import encode_anew, package_anew
from octavo.kernel.media.renewal.rows import Renewal
from octavo.kernel.media.renewal.rules import NotComplete
from octavo.kernel.refusals import NotFound

BATCH = 200
LOOK_SECONDS = 1.0
STAYED = 4  # exit code: a film is as it was before
Renew = Callable[[Context, AssetId], Awaitable[Asset]]

FilmArgument = Annotated[
    str | None, typer.Argument(metavar="FILM", help="The id of a title, or of its file.", show_default=False)
]
AllOption = Annotated[bool, typer.Option("--all", help="Every complete film.")]


def re_encode(
    context: typer.Context,
    film: FilmArgument = None,
    everything: AllOption = False,
    encryption: Annotated[
        Encryption | None,
        typer.Option(
            help="Encrypt their files, or no more, whatever the setting says. Encrypted films get new keys each time.",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[bool, typer.Option(help="Show the progress until all is done; a worker does the work.")] = True,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Encode films anew, at idle priority; they play on as they are meanwhile. Exit code 4: one stayed as it was."""
    chosen = _chosen(film, everything=everything)

    async def work(ctx: Context) -> list[Renewal]:
        begun = await _renewed(ctx, chosen, partial(encode_anew, encryption=encryption))
        if wait:
            await _until_done(ctx, begun, Console(quiet=json))
        return await queries.renewals(ctx.db.main, begun)

    renewals = run_work(context, data, work)
    _tell(renewals, "encoded anew" if wait else "being encoded anew", json=json)
    if wait and not all(one.renewed for one in renewals):
        raise typer.Exit(STAYED)


def re_package(
    context: typer.Context,
    film: FilmArgument = None,
    everything: AllOption = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Publish the manifests of films anew: players load them as this Octavo writes them, and go on where they are."""
    chosen = _chosen(film, everything=everything)

    async def work(ctx: Context) -> list[Renewal]:
        return await queries.renewals(ctx.db.main, await _renewed(ctx, chosen, package_anew))

    _tell(run_work(context, data, work), "packaged anew", json=json)


def _chosen(film: str | None, *, everything: bool) -> UUID | None:
    """None: all."""
    if (film is None) == (not everything):
        raise typer.BadParameter("say which: the id of a film, or --all")
    try:
        return UUID(film) if film else None
    except ValueError:
        raise typer.BadParameter(f"{film!r} is no film's id") from None


async def _renewed(ctx: Context, chosen: UUID | None, renew: Renew) -> list[Asset]:
    """The films as they were before."""
    if chosen is not None:
        return [await renew(ctx, await asset_behind(ctx, chosen))]
    found, after = [], UUID(int=0)
    while batch := await queries.complete_films_after(ctx.db.main, after, BATCH):
        for asset_id in batch:
            with suppress(NotFound, NotComplete):  # it was deleted, or somebody else renews it, since it was listed
                found.append(await renew(ctx, asset_id))
        after = batch[-1]
    return found


async def _until_done(ctx: Context, begun: Sequence[Asset], console: Console) -> None:
    """Ctrl-C ends the watching, not the work."""
    with Progress(console=console) as shown:
        bars = {asset.asset_id: shown.add_task(asset.filename or str(asset.asset_id), total=1.0) for asset in begun}
        while True:
            renewals = await queries.renewals(ctx.db.main, begun)
            for one in renewals:
                shown.update(bars[one.asset_id], completed=one.progress)
            if all(one.state != "playable" for one in renewals):
                return
            await asyncio.sleep(LOOK_SECONDS)


def _tell(renewals: Sequence[Renewal], done: str, *, json: bool) -> None:
    if json:
        print(msgspec.json.encode(renewals).decode())
        return
    stayed = sum(one.state == "complete" and not one.renewed for one in renewals)
    print(f"{len(renewals) - stayed:,} {'film' if len(renewals) - stayed == 1 else 'films'} {done}.")
    if stayed:
        print(f"{stayed:,} could not be encoded, and play as before.")
