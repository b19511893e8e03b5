"""`octavo events`: an operator sees what is parked and has it tried again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.events.actions import park, relay_batch
from octavo.kernel.events.commands import commands
from octavo.kernel.events.queries import consumers_to_retry, events_between
from tests.kernel.events.listening import paint

T = TypeVar("T")
Type = Callable[..., Awaitable[Result]]


@pytest.fixture
def octavo_events(engines: Engines) -> Type:
    """Types `octavo events ...`. As in the command itself, an event loop and a database are opened for it alone."""

    def run(data_dir: object, work: Callable[[Context], Awaitable[T]]) -> T:
        async def with_database() -> T:
            db = await Database.open(engines.db.main.url, engines.settings.db, application="command")
            try:
                return await work(replace(engines, db=Databases(db, db, db)).context(now()))
            finally:
                await db.close()

        return asyncio.run(with_database())

    return lambda *words: asyncio.to_thread(CliRunner().invoke, commands, words, obj=run)


async def test_what_is_parked_is_listed_and_can_be_tried_again(engines: Engines, octavo_events: Type) -> None:
    db = engines.db.main
    assert (await octavo_events("parked")).stdout == "No event is parked.\n"
    await paint(engines, 1)
    await relay_batch(db, 10)
    (event,) = await events_between(db, ["test.painted"], 0, 1, 10)
    await park(db, "test.choke", event, "ValueError: cannot swallow that", now())
    assert "cannot swallow" in (await octavo_events("parked")).stdout
    (listed,) = json.loads((await octavo_events("parked", "--json")).stdout)
    assert (listed["consumer"], listed["name"]) == ("test.choke", "test.painted")
    assert json.loads((await octavo_events("retry", "another", "--json")).stdout) == {"retried": 0}
    assert json.loads((await octavo_events("retry", "--json")).stdout) == {"retried": 1}
    assert await consumers_to_retry(db) == {"test.choke"}
