"""`octavo media quota` as an operator types it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.identity import create_user
from octavo.kernel.media.commands import commands

T = TypeVar("T")
Type = Callable[..., Awaitable[Result]]


@pytest.fixture
async def octavo_media(engines: Engines, ctx: Context) -> Type:
    """Types `octavo media ...`, with an event loop and a database of the command's own; Ada has an account."""
    await create_user(ctx, name="Ada", email="ada@example.org", username="ada", password="a long walk by the sea")

    def run(data_dir: object, work: Callable[[Context], Awaitable[T]]) -> T:
        async def with_database() -> T:
            db = await Database.open(engines.db.main.url, engines.settings.db, application="command")
            try:
                return await work(replace(engines, db=Databases(db, db, db)).context(now()))
            finally:
                await db.close()

        return asyncio.run(with_database())

    return lambda *words: asyncio.to_thread(CliRunner().invoke, commands, words, obj=run)


async def test_a_person_gets_another_quota_and_the_usual_one_back(octavo_media: Type) -> None:
    assert "no bound" in (await octavo_media("quota", "ada")).stdout
    assert "0 of 5,000 bytes" in (await octavo_media("quota", "ada", "5000")).stdout
    assert (await octavo_media("quota", "ada@example.org", "--json")).stdout == '{"used":0,"allowed":5000}\n'
    assert "no bound" in (await octavo_media("quota", "ada", "usual")).stdout


async def test_what_is_no_number_and_who_is_nobody_are_refused(octavo_media: Type) -> None:
    assert (await octavo_media("quota", "ada", "5 GB")).exit_code == 2
    assert (await octavo_media("quota", "nobody", "5000")).exit_code == 1
