"""Typing `octavo media ...`, with an event loop and a database of the command's own, as in a process of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias, TypeVar

from click.testing import Result
from typer.testing import CliRunner

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.media.commands import commands

T = TypeVar("T")
Type: TypeAlias = Callable[..., Awaitable[Result]]


def typed(engines: Engines) -> Type:
    def run(data_dir: object, work: Callable[[Context], Awaitable[T]]) -> T:
        async def with_database() -> T:
            db = await Database.open(engines.db.main.url, engines.settings.db, application="command")
            try:
                return await work(replace(engines, db=Databases(db, db, db)).context(now()))
            finally:
                await db.close()

        return asyncio.run(with_database())

    return lambda *words: asyncio.to_thread(CliRunner().invoke, commands, words, obj=run)
