"""Workers in processes of their own, which tests may kill."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from octavo.kernel.context import Engines
from octavo.kernel.processes import die_with_parent


@contextmanager
def a_worker(engines: Engines, program: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The module `program` runs over the database and the folder of these engines, until the block kills it."""
    command = [sys.executable, "-m", program, engines.db.main.url, str(engines.settings.data_dir)]
    process = subprocess.Popen(command, preexec_fn=die_with_parent())
    try:
        yield process
    finally:
        process.kill()
        process.wait()
