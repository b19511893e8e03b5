"""Lighthouse's marks for accessibility and best practices on the product's three main pages."""

from __future__ import annotations

import json
import subprocess
from urllib.parse import urlsplit

import pytest

from octavo.kernel.processes import die_with_parent
from octavo.ui.node import node_command
from tests.web.people import Person
from tests.web.world import World
from tests.wire.packages import node_modules

LEAST = 0.95
SECONDS = 240
OPTIONS = (
    "--output=json",
    "--quiet",
    "--only-categories=accessibility,best-practices",
    "--throttling-method=provided",
    "--max-wait-for-load=180000",
    "--no-enable-error-reporting",
)
# Twenty seconds each: the page with the most on it stands for all in plain runs.
PATHS = [
    "/video/titles/{night_train}",
    pytest.param("/video", marks=pytest.mark.long),
    pytest.param("/video/upload", marks=pytest.mark.long),
]


@pytest.mark.parametrize("path", PATHS)
def test_lighthouse_gives_good_marks(path: str, world: World, chromium_address: str) -> None:
    marks, faults = marks_of(world.url + world.path(path), world.people["maker"], chromium_address)
    assert min(marks.values()) >= LEAST, faults


def marks_of(address: str, person: Person, chromium_address: str) -> tuple[dict[str, float], list[str]]:
    """The marks by category, and what Lighthouse found wrong."""
    cookie = json.dumps({"Cookie": f"octavo_session={person.token}"})
    command = node_command(str(node_modules() / "lighthouse" / "cli" / "index.js"), address, *OPTIONS)
    command += [f"--port={urlsplit(chromium_address).port}", f"--extra-headers={cookie}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, preexec_fn=die_with_parent())
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    marks = {name: category["score"] for name, category in report["categories"].items()}
    faults = [f"{name}: {audit['title']}" for name, audit in report["audits"].items() if audit.get("score") == 0]
    return marks, faults
