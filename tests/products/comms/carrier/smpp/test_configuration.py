"""The file of lines: what is wrong in it is told by name, and passwords may lie elsewhere."""

from pathlib import Path

import pytest

from octavo.products.comms.carrier.smpp.configuration import (
    LineSettings,
    SmppFileInvalid,
    configured_lines,
    password_of,
)
from octavo.settings import load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "lines.yaml"
    path.write_text(text)
    return path


def test_lines_are_read_with_what_most_carriers_want(tmp_path: Path) -> None:
    path = written(tmp_path, "lines: {main: {host: smsc.example, system_id: octavo, prefixes: ['+49', '+43']}}")
    lines = configured_lines(load_settings(tmp_path, environ={}, comms={"smpp_lines": str(path)}))
    assert (lines["main"].port, lines["main"].window, lines["main"].doubt) == (2775, 50, None)
    assert lines["main"].prefixes == ("+49", "+43")
    assert configured_lines(load_settings(tmp_path, environ={})) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lines: {main: {host: x}}", "system_id"),
        ("lines: {main: {host: x, system_id: y, widow: 5}}", "widow"),
        ("lines: {main: {host: x, system_id: y, window: 0}}", "window"),
        ("[", "cannot be used"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    settings = load_settings(tmp_path, environ={}, comms={"smpp_lines": str(written(tmp_path, text))})
    with pytest.raises(SmppFileInvalid, match=told):
        configured_lines(settings)


def test_passwords_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    monkeypatch.setenv("SMPP_TEST_PASSWORD", "from the environment")
    line = LineSettings(host="x", system_id="y", password="here")
    assert password_of(line) == "here"
    for name, value, expected in (
        ("password_env", "SMPP_TEST_PASSWORD", "from the environment"),
        ("password_file", str(secret), "from a file"),
    ):
        assert password_of(LineSettings(host="x", system_id="y", **{name: value})) == expected  # type: ignore[arg-type]
