"""`octavo comms proxy` as a person starts it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from octavo.kernel.processes import die_with_parent
from tests.harness.running import clean_environment

pytestmark = pytest.mark.slow
COMMAND = (sys.executable, "-m", "octavo.cli", "comms", "proxy")


def test_it_prints_lines_to_paste_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--data", str(tmp_path), "--to", "http://127.0.0.1:1", "--port", "0"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(),
    )
    assert process.stdout is not None
    with process.stdout as out:
        printed = "".join(iter(out.readline, "Ctrl-C stops it.\n"))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    certificate = tmp_path / "keys" / "proxy" / "authority.pem"
    assert certificate.exists()
    assert "export HTTPS_PROXY=http://127.0.0.1:" in printed
    assert f"NODE_EXTRA_CA_CERTS='{certificate}'" in printed
    assert "curl --proxy http://127.0.0.1:" in printed


def test_without_an_address_it_says_where_to_find_one(tmp_path: Path) -> None:
    environment = clean_environment() | {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "300"}
    done = subprocess.run(
        [*COMMAND, "--data", str(tmp_path), "--port", "0"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "ports.twilio" in done.stderr


def test_the_port_of_the_dialect_may_be_set_for_both_commands(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--data", str(tmp_path), "--port", "0", "--json"],
        env=clean_environment() | {"OCTAVO_TWILIO_PORT": "8810"},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(),
    )
    assert process.stdout is not None
    with process.stdout as out:
        assert '"to": "http://127.0.0.1:8810"' in out.readline()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0
