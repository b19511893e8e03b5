"""Asking a server plainly, and processes that own one, for the tests around them."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

_OWNER = """
import signal, sys
from pathlib import Path
from octavo.kernel.db import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
url = server.start()
print(server.process.pid, url, flush=True)
signal.pause()
"""


def ask(url: str, sql: str, *args: Any) -> Any:
    """The first value of the answer, over a connection of its own."""

    async def fetch() -> Any:
        connection = await asyncpg.connect(url, timeout=60)
        try:
            return await connection.fetchval(sql, *args, timeout=60)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def owner(data_dir: Path, *prefix: str) -> tuple["subprocess.Popen[str]", int, str]:
    """Another process that runs the embedded server: the process, the pid of its postmaster, the URL."""
    process = subprocess.Popen(
        [*prefix, sys.executable, "-c", _OWNER, str(data_dir)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout:
        pid, url = process.stdout.readline().split()
    return process, int(pid), url


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(holds: Callable[[], bool], *, within: float = 60.0) -> bool:
    give_up_at = time.monotonic() + within
    while time.monotonic() < give_up_at:
        if holds():
            return True
        time.sleep(0.02)
    return False
