"""`octavo comms words`."""

from typer.testing import CliRunner

from octavo.products.comms.commands import commands


def test_what_is_no_wish_is_said() -> None:
    told = CliRunner().invoke(commands, ["words", "perhaps", "--account", "AC" + "0" * 32])
    assert told.exit_code == 2
    assert "stop, start or help" in told.output
