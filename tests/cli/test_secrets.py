"""`octavo secrets`: a new master key, under which everything still opens."""

import json
import re
from pathlib import Path

import pytest

import octavo as package
from octavo.app import MODULES
from octavo.cli.secrets import seal_anew
from octavo.kernel.context import Context
from octavo.kernel.secrets import add_key, is_current, unseal
from octavo.products.comms.account.actions import create_account, create_key, create_secondary_token
from octavo.products.comms.account.queries import TOKEN, key_secret
from tests.cli.calling import octavo

KEY_FILE = Path("keys") / "master.key"


async def test_after_a_rotation_the_newest_key_alone_opens_everything(ctx: Context) -> None:
    new = await create_account(ctx, name="Acme")
    key = await create_key(ctx, new.account)
    await create_secondary_token(ctx, new.account)
    add_key(ctx.settings)
    numbers = await seal_anew(ctx)
    assert numbers["comms.account.sealed_token"] == numbers["comms.api_key.sealed_secret"] == 1
    assert numbers["comms.account.sealed_secondary_token"] == 1
    path = ctx.settings.data_dir / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(path.read_text().split()[-1] + "\n")
    sealed = await ctx.db.main.value("SELECT sealed_token FROM comms.account WHERE account_id = $1", new.account.id)
    assert is_current(ctx.settings, sealed)
    assert unseal(ctx.settings, sealed, context=f"{TOKEN}:{new.account.id}").decode() == new.auth_token
    assert await key_secret(ctx.engines, new.account.id, key.key.id) == key.secret


async def test_what_is_sealed_already_is_left_alone(ctx: Context) -> None:
    await create_account(ctx, name="Acme")
    assert not any((await seal_anew(ctx)).values())


def test_every_column_of_secrets_is_declared() -> None:
    """A text of a message is sealed under a key of its account, and that key under the master key. Parts of texts that
    wait for others do so for minutes, under the key of that time.
    """
    root = Path(package.__file__).parent
    found = {
        f"{table}.{column}"
        for path in root.glob("**/migrations/*.sql")
        for table, body in re.findall(r"CREATE TABLE ([\w.]+) \((.*?)\n\)", path.read_text(), re.DOTALL)
        for column in re.findall(r"^\s+(sealed_\w+) bytea", body, re.MULTILINE)
    }
    declared = {f"{one.table}.{one.column}" for module in MODULES for one in module.sealed}
    assert found - {"comms.message.sealed_body", "comms.smpp_inbound_part.sealed_body"} <= declared


@pytest.mark.slow
def test_a_rotation_is_one_command(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    created = octavo("comms", "account", "create", "--name", "Acme", "--data", data, "--json")
    assert created.returncode == 0, created.stderr
    rotated = octavo("secrets", "rotate", "--data", data, "--json")
    assert rotated.returncode == 0, rotated.stderr
    assert json.loads(rotated.stdout)["sealed"]["comms.account.sealed_token"] == 1
    assert len((tmp_path / "data" / KEY_FILE).read_text().split()) == 2
    again = octavo("secrets", "reseal", "--data", data, "--json")
    assert not any(json.loads(again.stdout)["sealed"].values())
