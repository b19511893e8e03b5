"""`octavo media quota` as an operator types it."""

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.identity import create_user
from octavo.kernel.media.commands import commands
from tests.harness.command_line import Type, typing


@pytest.fixture
async def octavo_media(engines: Engines, ctx: Context) -> Type:
    """Types `octavo media ...`; Ada has an account."""
    await create_user(ctx, name="Ada", email="ada@example.org", username="ada", password="a long walk by the sea")
    return typing(engines, commands)


async def test_a_person_gets_another_quota_and_the_usual_one_back(octavo_media: Type) -> None:
    assert "no bound" in (await octavo_media("quota", "ada")).stdout
    assert "0 of 5,000 bytes" in (await octavo_media("quota", "ada", "5000")).stdout
    assert (await octavo_media("quota", "ada@example.org", "--json")).stdout == '{"used":0,"allowed":5000}\n'
    assert "no bound" in (await octavo_media("quota", "ada", "usual")).stdout


async def test_what_is_no_number_and_who_is_nobody_are_refused(octavo_media: Type) -> None:
    assert (await octavo_media("quota", "ada", "5 GB")).exit_code == 2
    assert (await octavo_media("quota", "nobody", "5000")).exit_code == 1
