"""A played scenario changes handsets, and has them speak when they are due."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.scenario.actions import play
from octavo.products.comms.carrier.scenario.commands import scenarios
from octavo.products.comms.carrier.scenario.reading import read_scenario
from octavo.products.comms.carrier.simulated import queries
from octavo.products.comms.carrier.simulated.service import bring_due

SCENARIO = """
handsets:
  - {number: +14155550111, name: Ada, delay: 2, replies: [{say: Hi}]}
messages:
  - {from: +14155550111, to: +14155550100, say: Second, at: 20}
  - {from: +14155550111, to: +14155550100, say: First, at: 5}
"""


async def test_handsets_are_there_and_messages_come_in_when_due(ctx: Context, acme: NewAccount) -> None:
    await play(ctx, acme.account.id, read_scenario(SCENARIO))
    [ada] = await queries.handsets_of(ctx.db.main, acme.account.id)
    assert (ada.name, ada.delay_min, ada.delay_max, ada.replies[0].reply) == ("Ada", 2.0, 2.0, "Hi")
    assert await bring_due(ctx) == 0
    assert await bring_due(ctx.engines.context(ctx.now + timedelta(seconds=10))) == 1
    assert await bring_due(ctx.engines.context(ctx.now + timedelta(seconds=30))) == 1
    lines = await queries.conversation(ctx, acme.account.id, "+14155550111", ctx.now + timedelta(seconds=60))
    assert [line.body for line in lines] == ["First", "Second"]


@pytest.mark.parametrize(("text", "status", "words"), [(SCENARIO, 0, "all well"), ("handsets: 5", 1, "handsets: This")])
def test_the_command_says_what_it_thinks_of_a_file(tmp_path: Path, text: str, status: int, words: str) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(text)
    result = CliRunner().invoke(scenarios, ["check", str(file)])
    assert result.exit_code == status
    assert words in result.output
