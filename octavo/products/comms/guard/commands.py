"""`octavo comms guard`: what an account may send, for operators."""

import json as json_text
from typing import Annotated, Any

import msgspec
import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.products.comms.account.queries import account
from octavo.products.comms.guard import actions, queries
from octavo.products.comms.guard.reading import read_count, read_countries, read_hours, read_money
from octavo.products.comms.guard.rows import Block, Policy
from octavo.products.comms.sids import read_sid

guards = typer.Typer(no_args_is_help=True)
AccountArgument = Annotated[str, typer.Argument(help="The SID of the account.")]
NONE = "none"


@guards.command("show")
def show(context: typer.Context, sid: AccountArgument, data: DataOption = None, json: JsonOption = False) -> None:
    """What the account may send, and what is held back at the moment."""

    async def work(ctx: Context) -> tuple[Policy, list[Block]]:
        found = await account(ctx.db.main, read_sid(sid, "AC"))
        return await queries.policy_of(ctx.db.main, found), await queries.blocks(ctx.db.main, found.id)

    policy, blocks = run_work(context, data, work)
    shown: dict[str, Any] = msgspec.to_builtins(policy) | {"held_back": msgspec.to_builtins(blocks)}
    del shown["account_id"]
    if json:
        print(json_text.dumps(shown))
        return
    for name, value in shown.items():
        typer.echo(f"{name:18} {NONE if value is None or value == [] else value}")


@guards.command("set")
def set_policy(
    context: typer.Context,
    sid: AccountArgument,
    countries: Annotated[str | None, typer.Option(help="Only these, such as DE,AT,CH; `none`: all.")] = None,
    refused: Annotated[str | None, typer.Option(help="All but these, such as LV,PK; `none`: no such list.")] = None,
    messages: Annotated[str | None, typer.Option(help="Most messages in a day (UTC); `none`: no cap.")] = None,
    segments: Annotated[str | None, typer.Option(help="Most segments in a day; `none`: no cap.")] = None,
    spend: Annotated[str | None, typer.Option(help="Most money in a day, such as 25.00; `none`: no cap.")] = None,
    quiet: Annotated[str | None, typer.Option(help="Quiet hours of recipients, as 21:00-08:00; `none`.")] = None,
    protects: Annotated[bool | None, typer.Option(help="Hold back what looks like fraud.")] = None,
    data: DataOption = None,
) -> None:
    """Change what is given; the rest stays as it is."""

    async def work(ctx: Context) -> None:
        found = await account(ctx.db.main, read_sid(sid, "AC"))
        changes: dict[str, Any] = {
            **_changed("countries_allowed", countries, read_countries, None),
            **_changed("countries_refused", refused, read_countries, []),
            **_changed("messages_per_day", messages, read_count, None),
            **_changed("segments_per_day", segments, read_count, None),
            **_changed("spend_per_day", spend, read_money, None),
            **_changed("quiet_from", quiet, lambda text: read_hours(text)[0], None),
            **_changed("quiet_to", quiet, lambda text: read_hours(text)[1], None),
            **({} if protects is None else {"protects": protects}),
        }
        policy = await queries.policy_of(ctx.db.main, found)
        await actions.keep_policy(ctx, msgspec.structs.replace(policy, account_id=found.id, **changes))

    run_work(context, data, work)
    typer.echo("Changed. Running processes know within seconds.")


@guards.command("lift")
def lift(
    context: typer.Context,
    sid: AccountArgument,
    beginning: Annotated[str, typer.Argument(help="What is held back, as `show` names it.")],
    data: DataOption = None,
) -> None:
    """Let messages go again to numbers that were held back."""

    async def work(ctx: Context) -> bool:
        return await actions.lift_block(ctx, read_sid(sid, "AC"), beginning)

    typer.echo("Lifted." if run_work(context, data, work) else f"Nothing is held back for {beginning}.")


def _changed(name: str, text: str | None, read: Any, nothing: Any) -> dict[str, Any]:
    """Nothing where the option was not given."""
    return {} if text is None else {name: nothing if text == NONE else read(text)}
