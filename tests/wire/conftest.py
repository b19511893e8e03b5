"""What the judges on the wire need: Node with the packages of package.json, and accounts."""

import fcntl
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from octavo.kernel.processes import die_with_parent
from octavo.ui.node import node_command, npm_command
from tests.harness.running import RunningOctavo
from tests.wire.accounts import signed_up

HERE = Path(__file__).parent
RunNode = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session")
def run_node() -> RunNode:
    """Start a script of this folder under Node, its packages installed: `run_node("tus_client.mjs", "pause")`."""
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install()

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


def _install() -> None:
    """npm ci, once per lock file."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run(npm_command("ci", "--ignore-scripts"), cwd=HERE, check=True, capture_output=True)
    stamp.write_text(wanted)
