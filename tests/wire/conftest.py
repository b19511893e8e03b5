"""What the judges on the wire need: Node with the packages of package.json, and accounts."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from octavo.kernel.processes import die_with_parent
from octavo.ui.node import node_command
from tests.harness.running import RunningOctavo
from tests.wire.accounts import signed_up
from tests.wire.packages import node_modules

HERE = Path(__file__).parent
RunNode = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session")
def run_node() -> RunNode:
    """Start a script of this folder under Node, its packages installed: `run_node("tus_client.mjs", "pause")`."""
    node_modules()

    def start(script: str, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            node_command(str(HERE / script), *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(),
        )

    return start


@pytest.fixture(scope="session")
def account(running_octavo: RunningOctavo) -> httpx.Client:
    """A person signed in by a bearer token; one for all tests, because signing up is limited per address."""
    return signed_up(running_octavo.url)
