"""The npm packages of the foreign clients, installed once per lock file."""

import fcntl
import hashlib
import subprocess
from functools import cache
from pathlib import Path

from octavo.ui.node import npm_command

HERE = Path(__file__).parent


@cache
def node_modules(folder: Path = HERE) -> Path:
    """Where the packages are that the lock file in `folder` names."""
    modules = folder / "node_modules"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".installed"
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.read_text() == wanted):
            subprocess.run(npm_command("ci", "--ignore-scripts"), cwd=folder, check=True, capture_output=True)
            stamp.write_text(wanted)
    return modules
