"""Operators open accounts, change them, and see how much they store."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from octavo.kernel.context import Context
from octavo.products.comms.account.commands import accounts
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.sids import read_sid


async def commanded(ctx: Context, *words: str) -> Result:
    """The command, in a thread of its own as in a process of its own; its work comes back to this loop."""
    loop = asyncio.get_running_loop()

    def run(data: Path | None, work: Callable[[Context], Awaitable[Any]]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(ctx), loop).result(30)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool:
        return await loop.run_in_executor(pool, lambda: CliRunner().invoke(accounts, list(words), obj=run))


async def test_an_account_may_encrypt_from_its_first_message_on(ctx: Context) -> None:
    made = await commanded(ctx, "create", "--name", "Sealed", "--encrypt-bodies", "--json")
    assert made.exit_code == 0, made.output
    account = await find_account(ctx.db.main, read_sid(json.loads(made.stdout)["sid"], "AC"))
    assert account.encrypt_bodies


async def test_only_what_is_given_is_updated(ctx: Context, acme: NewAccount) -> None:
    sid = acme.account.sid
    sealed = json.loads((await commanded(ctx, "update", sid, "--encrypt-bodies", "--json")).stdout)
    assert (sealed["name"], sealed["encrypt_bodies"]) == ("Acme", True)
    renamed = json.loads((await commanded(ctx, "update", sid, "--name", "Acme & Sons", "--json")).stdout)
    assert (renamed["name"], renamed["encrypt_bodies"]) == ("Acme & Sons", True)
    again = json.loads((await commanded(ctx, "update", sid, "--no-encrypt-bodies", "--json")).stdout)
    assert again["encrypt_bodies"] is False


async def test_the_use_of_storage_is_shown_beside_the_quota(ctx: Context, acme: NewAccount) -> None:
    await ctx.db.main.execute(
        "INSERT INTO comms.media_usage (account_id, slot, bytes) VALUES ($1, 0, 1200), ($1, 1, 34)", acme.account.id
    )
    shown = await commanded(ctx, "show", acme.account.sid)
    assert shown.exit_code == 0, shown.output
    assert "1,234" in shown.output
    assert f"{ctx.settings.comms.media_quota:,}" in shown.output
