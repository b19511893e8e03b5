"""Operators open accounts, change them, and see how much they store."""

import json

import pytest

from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.commands import accounts
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.sids import read_sid
from tests.harness.command_line import Type, typing


@pytest.fixture
def octavo_accounts(engines: Engines) -> Type:
    """Types `octavo comms account ...`."""
    return typing(engines, accounts)


async def test_an_account_may_encrypt_from_its_first_message_on(ctx: Context, octavo_accounts: Type) -> None:
    made = await octavo_accounts("create", "--name", "Sealed", "--encrypt-bodies", "--json")
    assert made.exit_code == 0, made.output
    account = await find_account(ctx.db.main, read_sid(json.loads(made.stdout)["sid"], "AC"))
    assert account.encrypt_bodies


async def test_only_what_is_given_is_updated(ctx: Context, octavo_accounts: Type, acme: NewAccount) -> None:
    sid = acme.account.sid
    sealed = json.loads((await octavo_accounts("update", sid, "--encrypt-bodies", "--json")).stdout)
    assert (sealed["name"], sealed["encrypt_bodies"]) == ("Acme", True)
    renamed = json.loads((await octavo_accounts("update", sid, "--name", "Acme & Sons", "--json")).stdout)
    assert (renamed["name"], renamed["encrypt_bodies"]) == ("Acme & Sons", True)
    again = json.loads((await octavo_accounts("update", sid, "--no-encrypt-bodies", "--json")).stdout)
    assert again["encrypt_bodies"] is False


async def test_the_use_of_storage_is_shown_beside_the_quota(
    ctx: Context, octavo_accounts: Type, acme: NewAccount
) -> None:
    await ctx.db.main.execute(
        "INSERT INTO comms.media_usage (account_id, slot, bytes) VALUES ($1, 0, 1200), ($1, 1, 34)", acme.account.id
    )
    shown = await octavo_accounts("show", acme.account.sid)
    assert shown.exit_code == 0, shown.output
    assert "1,234" in shown.output
    assert f"{ctx.settings.comms.media_quota:,}" in shown.output
