"""Where the server's socket lies: in the data directory, or, when that path is too long, in a short private one."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from octavo.kernel.db.embedded._reasons import CannotStart

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; "/.s.PGSQL.5432" takes 14 and the end one.
_LONGEST = 88


def socket_place(data_dir: Path) -> Path:
    """Which directory it is; the same for every process that asks, and made by none of them."""
    inside = data_dir / "run"
    if len(os.fsencode(inside)) <= _LONGEST:
        return inside
    # The name follows from the data directory, so that a crash leaves at most this one and finds it again.
    name = f"octavo-{os.geteuid()}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 -- only a private directory is accepted there
        if len(os.fsencode(parent)) + 1 + len(name) <= _LONGEST and Path(parent).is_dir():
            return Path(parent) / name
    raise CannotStart(f"No directory has a path short enough for a socket. Set TMPDIR to one (under {_LONGEST} bytes).")


def make_socket_directory(data_dir: Path) -> Path:
    """Make the directory and make sure that only we may enter it."""
    directory = socket_place(data_dir)
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(f"{directory} belongs to somebody else. Remove it, or choose a shorter --data directory.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        directory.chmod(0o700)
    return directory


def remove_short_directory(data_dir: Path) -> None:
    """A short directory outside the data directory is not left behind."""
    directory = socket_place(data_dir)
    if directory.parent != data_dir:
        try:
            directory.rmdir()
        except OSError:
            pass  # it was never made, or somebody's file lies in it; ours is reused next time
