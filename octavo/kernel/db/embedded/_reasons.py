"""Why PostgreSQL did not start, in a sentence that a person can act on."""

import errno
import re
import shutil
from pathlib import Path

from octavo.kernel.refusals import Unavailable


class CannotStart(Unavailable):
    """The embedded server could not be started; the detail says why and what to do."""

    title = "The embedded database could not be started"


class AlreadyRunning(CannotStart):
    """Another Octavo works in the same data directory."""


class NoLongerWanted(CannotStart):
    """Whoever asked for the start has thought better of it."""


_LEAST_FREE = 1 << 20
_FULL = "The disk is full. Free some space and start again; nothing is lost"
_READ_ONLY = "The disk is mounted read-only. Make it writable, or choose another --data directory"
_FORBIDDEN = "Octavo may not write there. Give its user the directory, or choose another --data directory"
_SENTENCES = (
    # PostgreSQL also gives a hint, where a write was cut short and the system gave no reason.
    ("No space left on device|Disk quota exceeded|Check free disk space", _FULL),
    ("Read-only file system", _READ_ONLY),
    ("Permission denied", _FORBIDDEN),
    ("database files are incompatible|not compatible with this version", "Another version of PostgreSQL made it"),
    (
        "could not resize shared memory|could not map anonymous shared memory|Cannot allocate memory",
        "There is not enough memory. Lower OCTAVO_DB_SERVER_MEMORY, or free some",
    ),
    ("pre-existing shared memory block", "A process of the last run still works in it. Wait a moment and start again"),
    ("invalid value for parameter|unrecognized configuration parameter", "One of its settings is not accepted"),
)


def explain(directory: Path, output: str) -> CannotStart:
    """The refusal for what PostgreSQL wrote before it gave up."""
    if not output.strip() and shutil.disk_usage(directory).free < _LEAST_FREE:
        output = "No space left on device"  # not even for its last words
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, output):
            return CannotStart(f"The database in {directory} cannot be used. {sentence}.")
    last = [line for line in output.splitlines() if re.search("FATAL|PANIC|ERROR|error:", line)] or output.splitlines()
    said = last[-1].strip() if last else "it said nothing"
    return CannotStart(f"The database in {directory} did not start: {said}")


def explain_os_error(directory: Path, error: OSError) -> CannotStart:
    """The same for an error of the file system that we met ourselves."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return explain(directory, "No space left on device")
    if error.errno == errno.EROFS:
        return explain(directory, "Read-only file system")
    if error.errno in (errno.EACCES, errno.EPERM):
        return explain(directory, "Permission denied")
    return explain(directory, f"error: {error}")
