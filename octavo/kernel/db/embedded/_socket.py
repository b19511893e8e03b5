"""Where the server's socket lies: in the data directory, or, when that path is too long, in a short private one."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from octavo.kernel.db.embedded._reasons import CannotStart

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; "/.s.PGSQL.5432" takes 14 and the end one.
_LONGEST = 88


def socket_directory(data_dir: Path) -> Path:
    """Make the directory and make sure that only we may enter it."""
    directory = _place(data_dir)
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(f"{directory} belongs to somebody else. Remove it, or choose a shorter --data directory.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        directory.chmod(0o700)
    return directory


def remove_short_directory(data_dir: Path, directory: Path) -> None:
    """A short directory outside the data directory is not left behind."""
    if directory.parent != data_dir:
        try:
            directory.rmdir()
        except OSError:
            pass  # somebody's file lies in it; a directory of ours is reused next time


def _place(data_dir: Path) -> Path:
    inside = data_dir / "run"
    if len(os.fsencode(inside)) <= _LONGEST:
        return inside
    # The name follows from the data directory, so that a crash leaves at most this one and finds it again.
    name = f"octavo-{os.geteuid()}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"
    for parent in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108 -- last resort
        if parent and len(os.fsencode(parent)) + 1 + len(name) <= _LONGEST and Path(parent).is_dir():
            return Path(parent) / name
    raise CannotStart(f"No directory with a path short enough for a socket was found. Set TMPDIR to one ({_LONGEST}).")
