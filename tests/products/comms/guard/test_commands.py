"""Operators look at the guard and change it by name."""

import json

import pytest

from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.guard.commands import guards
from octavo.products.comms.guard.queries import own_policy
from tests.harness.command_line import Type, typing


@pytest.fixture
def octavo_guards(engines: Engines) -> Type:
    """Types `octavo comms guard ...`."""
    return typing(engines, guards)


async def test_only_what_is_given_changes(ctx: Context, octavo_guards: Type, acme: NewAccount) -> None:
    sid = acme.account.sid
    first = await octavo_guards("set", sid, "--countries", "de, at", "--spend", "25.5", "--quiet", "21:00-08:00")
    assert first.exit_code == 0, first.output
    await octavo_guards("set", sid, "--messages", "100", "--quiet", "none", "--protects")
    policy = await own_policy(ctx.db.main, acme.account.id)
    assert policy is not None
    assert (policy.countries_allowed, policy.spend_per_day, policy.messages_per_day) == (["DE", "AT"], 25_500_000, 100)
    assert (policy.quiet_from, policy.protects) == (None, True)
    shown = json.loads((await octavo_guards("show", sid, "--json")).stdout)
    assert (shown["countries_allowed"], shown["held_back"]) == (["DE", "AT"], [])
    assert "Nothing is held back" in (await octavo_guards("lift", sid, "PK")).output


@pytest.mark.parametrize(
    ("option", "value"),
    [("--countries", "XX"), ("--spend", "much"), ("--quiet", "night"), ("--messages", "-1"), ("--spend", "1.2.3")],
)
async def test_what_means_nothing_is_refused(
    ctx: Context, octavo_guards: Type, acme: NewAccount, option: str, value: str
) -> None:
    refused = await octavo_guards("set", acme.account.sid, f"{option}={value}")
    assert (refused.exit_code, value in refused.output) == (1, True)
    assert await own_policy(ctx.db.main, acme.account.id) is None
