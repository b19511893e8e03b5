"""The npm packages of the foreign clients, installed once per lock file."""

import fcntl
import hashlib
import subprocess
from functools import cache
from pathlib import Path

from octavo.ui.node import npm_command

HERE = Path(__file__).parent


@cache
def node_modules() -> Path:
    """The folder of the installed packages."""
    modules = HERE / "node_modules"
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".installed"
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.read_text() == wanted):
            subprocess.run(npm_command("ci", "--ignore-scripts"), cwd=HERE, check=True, capture_output=True)
            stamp.write_text(wanted)
    return modules
