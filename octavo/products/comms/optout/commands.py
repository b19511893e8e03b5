"""`octavo comms words`: by which words people stop, start and ask for help, and what they are answered."""

from typing import Annotated

import typer

from octavo.kernel.command_line import DataOption, run_work
from octavo.kernel.context import Context
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.optout import actions
from octavo.products.comms.optout.rows import Wish, Words
from octavo.products.comms.optout.rules import USUAL
from octavo.products.comms.sids import is_sid, read_sid

WISHES: dict[str, Wish] = {"stop": "STOP", "start": "START", "help": "HELP"}


def words(
    context: typer.Context,
    account: Annotated[str, typer.Option(help="SID of the account.")],
    wish: Annotated[str, typer.Argument(help="stop, start or help.")],
    word: Annotated[list[str] | None, typer.Option(help="A word for it; may be given several times.")] = None,
    answer: Annotated[str | None, typer.Option(help="What to answer; empty for nothing.")] = None,
    sender: Annotated[str, typer.Option(help="A number or MG… for it alone, instead of all senders.")] = "",
    reset: Annotated[bool, typer.Option(help="Go back to the usual words and answer.")] = False,
    data: DataOption = None,
) -> None:
    """Say by which words people stop, start or ask for help, and what they are answered."""
    meant = WISHES.get(wish.lower())
    if meant is None:
        raise typer.BadParameter("stop, start or help.")

    async def work(ctx: Context) -> Words:
        found = await find_account(ctx.db.main, read_sid(account, "AC"))
        whom = read_sid(sender, "MG").hex if is_sid(sender, "MG") else sender
        if reset:
            await actions.forget_words(ctx, found, meant, sender=whom)
            return USUAL[meant]
        usual = USUAL[meant]
        wanted = Words(meant, word or usual.words, usual.answer if answer is None else answer)
        return await actions.keep_words(ctx, found, wanted, sender=whom)

    kept = run_work(context, data, work)
    typer.echo(f"{kept.wish}: {', '.join(kept.words)}\n{kept.answer}")
