"""Calling `octavo` as a person does: a process of its own, none of our settings, and what it said."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from octavo.kernel.processes import die_with_parent
from tests.harness.running import clean_environment

LONGEST = 120  # seconds; a busy machine is slow, a hanging command is a failure


def octavo(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "octavo.cli", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        env={**clean_environment(), **environment},
        check=False,
    )


@contextmanager
def octavo_running(*words: str, stderr: bool = False, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Starts a command that goes on until it is told to stop; its output can be read. It is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo.cli", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if stderr else None,
        text=True,
        env={**clean_environment(), **environment},
        preexec_fn=die_with_parent(),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=LONGEST)


def is_one_sentence(said: str) -> bool:
    """What a person can act on: no traceback, and not more than a screenful of words."""
    return bool(said.strip()) and "Traceback" not in said and len(said.splitlines()) <= 3
