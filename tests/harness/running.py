"""A whole Octavo as a person starts it: `octavo up` in a process of its own, on a free port, with its own data."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from octavo.kernel.processes import die_with_parent
from tests.harness.settings import PATIENT_ENVIRONMENT

READY_SECONDS = 90
STOP_SECONDS = 60


class RunningOctavo:
    """`url`, `pid` and `ports` are of the last start; `data_dir` stays, so that a test can start it again."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.log = data_dir.with_suffix(".log")
        self.url = ""
        self.pid = 0
        self.ports: dict[str, int] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self._environment = {**PATIENT_ENVIRONMENT, **environment}

    def start(self, *options: str) -> "RunningOctavo":
        """Start and wait for the line of JSON that says it is ready."""
        command = [sys.executable, "-m", "octavo.cli", "up", "--data", str(self.data_dir), "--port", "0", "--json"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**clean_environment(), **self._environment},
                start_new_session=True,
                # A killed pytest leaves no Octavo behind.
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        ready = self._first_line(self.process)
        self.url, self.pid, self.ports = ready["url"], ready["pid"], ready["ports"]
        return self

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does; returns the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        self._close()
        return code

    def kill(self) -> None:
        """kill -9 of the supervisor: the rest has to notice by itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS)
        self._close()

    def logged(self) -> str:
        """What it has written to stderr so far."""
        return self.log.read_text(errors="replace")

    def _first_line(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        too_late = threading.Timer(READY_SECONDS, process.kill)
        too_late.start()
        try:
            line = process.stdout.readline()
        finally:
            too_late.cancel()
        if not line:
            process.wait(STOP_SECONDS)
            self._close()
            raise RuntimeError(f"`octavo up` did not become ready:\n{self.logged()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()


def clean_environment() -> dict[str, str]:
    """Without the caller's own Octavo or PostgreSQL settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("OCTAVO_", "PG", "DATABASE_URL"))}
