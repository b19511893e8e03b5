"""`python -m tests.harness.holder DIRECTORY`: runs the shared test server until no test process is left."""

import fcntl
import shutil
import sys
from pathlib import Path

from octavo.kernel.db import EmbeddedServer
from tests.harness.server import CONFIGURATION, locked


def hold(directory: Path) -> None:
    server = EmbeddedServer(directory / "data", configuration=CONFIGURATION)
    url = server.start()
    (directory / "url.new").write_text(url)
    (directory / "url.new").rename(directory / "url")
    with locked(directory.with_suffix(".users"), fcntl.LOCK_EX):
        # From here on, a process that wants to join waits, and then finds no server and starts its own.
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
        _tidy_up(directory)


def _tidy_up(directory: Path) -> None:
    """Remove the lock files, unless somebody is joining just now and will have a holder to do it later."""
    with directory.with_suffix(".joining").open("ab") as joining:
        try:
            fcntl.flock(joining, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        directory.with_suffix(".users").unlink(missing_ok=True)
        directory.with_suffix(".joining").unlink(missing_ok=True)


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
