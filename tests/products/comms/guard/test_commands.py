"""Operators look at the guard and change it by name."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.guard.commands import guards
from octavo.products.comms.guard.queries import own_policy


async def commanded(ctx: Context, *words: str) -> Result:
    """The command, in a thread of its own as in a process of its own; its work comes back to this loop."""
    loop = asyncio.get_running_loop()

    def run(data: Path | None, work: Callable[[Context], Awaitable[Any]]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(ctx), loop).result(30)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool:
        return await loop.run_in_executor(pool, lambda: CliRunner().invoke(guards, list(words), obj=run))


async def test_only_what_is_given_changes(ctx: Context, acme: NewAccount) -> None:
    sid = acme.account.sid
    first = await commanded(ctx, "set", sid, "--countries", "de, at", "--spend", "25.5", "--quiet", "21:00-08:00")
    assert first.exit_code == 0, first.output
    await commanded(ctx, "set", sid, "--messages", "100", "--quiet", "none", "--protects")
    policy = await own_policy(ctx.db.main, acme.account.id)
    assert policy is not None
    assert (policy.countries_allowed, policy.spend_per_day, policy.messages_per_day) == (["DE", "AT"], 25_500_000, 100)
    assert (policy.quiet_from, policy.protects) == (None, True)
    shown = json.loads((await commanded(ctx, "show", sid, "--json")).stdout)
    assert (shown["countries_allowed"], shown["held_back"]) == (["DE", "AT"], [])
    assert "Nothing is held back" in (await commanded(ctx, "lift", sid, "PK")).output


@pytest.mark.parametrize(
    ("option", "value"),
    [("--countries", "XX"), ("--spend", "much"), ("--quiet", "night"), ("--messages", "-1"), ("--spend", "1.2.3")],
)
async def test_what_means_nothing_is_refused(ctx: Context, acme: NewAccount, option: str, value: str) -> None:
    refused = await commanded(ctx, "set", acme.account.sid, f"{option}={value}")
    assert (refused.exit_code, value in refused.output) == (1, True)
    assert await own_policy(ctx.db.main, acme.account.id) is None
