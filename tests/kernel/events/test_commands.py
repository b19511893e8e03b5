"""`octavo events`: an operator sees what is parked and has it tried again."""

import json

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.events.actions import park, relay_batch
from octavo.kernel.events.commands import commands
from octavo.kernel.events.queries import consumers_to_retry, events_between
from tests.harness.command_line import Type, typing
from tests.kernel.events.listening import paint


@pytest.fixture
def octavo_events(engines: Engines) -> Type:
    """Types `octavo events ...`."""
    return typing(engines, commands)


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
