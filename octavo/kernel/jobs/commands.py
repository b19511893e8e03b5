"""`octavo jobs`: see what waits, runs and failed; try the failed again; watch it live."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
import typer
from rich.console import Console, Group
from rich.live import Live

from octavo.kernel import clock
from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.jobs import queries
from octavo.kernel.jobs._tables import job_table, overview
from octavo.kernel.jobs.actions import retry_dead
from octavo.kernel.jobs.rows import ListedJob

STATES = ("running", "dead", "waiting")
REFRESH_SECONDS = 0.5

commands = typer.Typer(no_args_is_help=True)


@commands.command("list")
def list_jobs(
    context: typer.Context,
    state: Annotated[str, typer.Option(help=f"One of {', '.join(STATES)}. Default: all.")] = "",
    name: Annotated[str | None, typer.Option(help="Only the jobs of this name.")] = None,
    queue: Annotated[str | None, typer.Option(help="Only the jobs of this queue.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Most jobs to list.")] = 100,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """List jobs: running ones first, then those that failed for good, then the waiting."""
    if state and state not in STATES:
        raise typer.BadParameter(f"must be one of {', '.join(STATES)}", param_hint="--state")

    async def work(ctx: Context) -> list[ListedJob]:
        states: Sequence[str] = (state,) if state else STATES
        return await queries.listed_jobs(ctx.db.main, states=states, name=name, queue=queue, most=most)

    jobs = run_work(context, data, work)
    if json:
        print(msgspec.json.encode(jobs).decode())
        return
    Console().print(job_table(jobs, clock.now()) if jobs else "No jobs.")


@commands.command("retry")
def retry(
    context: typer.Context,
    job_id: Annotated[str | None, typer.Argument(help="The id of one dead job.", show_default=False)] = None,
    name: Annotated[str | None, typer.Option(help="All dead jobs of this name.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All dead jobs.")] = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Let jobs that failed for good wait again, with their starts forgotten."""
    if not (job_id or name or everything):
        raise typer.BadParameter("say which: an id, --name or --all")
    chosen = _job_id(job_id)

    async def work(ctx: Context) -> int:
        async with ctx.db.main.transaction() as tx:
            return await retry_dead(tx, job_id=chosen, name=name)

    number = run_work(context, data, work)
    print(msgspec.json.encode({"retried": number}).decode() if json else f"{number} jobs wait again.")
    if chosen and not number:
        raise typer.Exit(1)


@commands.command("watch")
def watch(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Show it once and end.")] = False,
    data: DataOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON per look instead.")] = False,
) -> None:
    """Queues, workers and running jobs, live until Ctrl-C."""

    async def work(ctx: Context) -> None:
        await (_watch_as_json(ctx, once=once) if json else _watch_as_tables(ctx, once=once))

    try:
        run_work(context, data, work)
    except KeyboardInterrupt:
        pass


async def _watch_as_tables(ctx: Context, *, once: bool) -> None:
    console = Console()
    if once or not console.is_terminal:
        console.print(await _look(ctx))
        return
    with Live(await _look(ctx), console=console, auto_refresh=False) as live:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            live.update(await _look(ctx), refresh=True)


async def _watch_as_json(ctx: Context, *, once: bool) -> None:
    while True:
        depths = await queries.queue_depths(ctx.db.main, clock.now())
        workers = await queries.listed_workers(ctx.db.main)
        running = await queries.listed_jobs(ctx.db.main, states=("running",))
        print(msgspec.json.encode({"queues": depths, "workers": workers, "running": running}).decode(), flush=True)
        if once:
            return
        await asyncio.sleep(REFRESH_SECONDS)


async def _look(ctx: Context) -> Group:
    now = clock.now()
    return overview(
        await queries.queue_depths(ctx.db.main, now),
        await queries.listed_workers(ctx.db.main),
        await queries.listed_jobs(ctx.db.main, states=("running", "dead"), most=20),
        now,
    )


def _job_id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no job's id") from None
