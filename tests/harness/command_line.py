"""Typing an octavo command, with an event loop and a database of the command's own, as in a process of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias, TypeVar

from typer import Typer
from typer.testing import CliRunner, Result

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Databases, Engines
from octavo.kernel.db import Database

T = TypeVar("T")
Type: TypeAlias = Callable[..., Awaitable[Result]]


def typing(engines: Engines, commands: Typer) -> Type:
    """Types one of the commands, its words given one by one."""

    def run(data_dir: object, work: Callable[[Context], Awaitable[T]]) -> T:
        async def with_database() -> T:
            db = await Database.open(engines.db.main.url, engines.settings.db, application="command")
            try:
                return await work(replace(engines, db=Databases(db, db, db)).context(now()))
            finally:
                await db.close()

        return asyncio.run(with_database())

    # What a command does not foresee fails the test by itself, with all that is known of it.
    type_in = partial(CliRunner().invoke, commands, obj=run, catch_exceptions=False)
    return lambda *words: asyncio.to_thread(type_in, words)
