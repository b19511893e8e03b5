"""The demo's account: an operator, made once per data directory, with a password of its own."""

import asyncio
import os
from pathlib import Path

import msgspec

from octavo.cli.engines import command_context, database_url
from octavo.kernel.identity import create_user, user_by_login
from octavo.kernel.ids import new_secret
from octavo.settings import load_settings


class DemoAccount(msgspec.Struct, frozen=True):
    username: str
    password: str


def demo_account(folder: Path) -> DemoAccount:
    """The account kept in the data directory, made at the first call. Its file is readable by its owner alone."""
    kept = folder / "demo-account.json"
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=DemoAccount)
    # Kept under another name until the account is made: one without the other would end every later demo.
    part = kept.with_suffix(".part")
    account = _planned(part)
    if account is None:
        account = DemoAccount("demo", new_secret(9))
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(msgspec.json.encode(account))
    asyncio.run(_create(folder, account))
    part.replace(kept)
    return account


def _planned(part: Path) -> DemoAccount | None:
    """What an earlier demo wrote down whole before it was cut off."""
    try:
        return msgspec.json.decode(part.read_bytes(), type=DemoAccount)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


async def _create(folder: Path, account: DemoAccount) -> None:
    settings = load_settings(folder)
    with database_url(settings) as url:
        async with command_context(settings, url) as ctx:
            if await user_by_login(ctx.db.user, account.username):
                return  # made before a crash
            await create_user(
                ctx,
                name="Demo",
                email="demo@octavo.example",
                username=account.username,
                password=account.password,
                roles=("operator", "creator"),
            )
