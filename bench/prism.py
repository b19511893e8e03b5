"""Stoplight Prism from npm, answering from its mock of an OpenAPI file. A part of the frame, no bench of its own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, create_server

from octavo.ui.node import node_command
from tests.wire.packages import node_modules

HERE = Path(__file__).parent
LONGEST_START = 60.0  # seconds: it reads a large document


@contextmanager
def mocked(document: Path) -> Iterator[int]:
    """The port on 127.0.0.1 where the mock of `document` answers."""
    with create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    words = ["mock", "--host", "127.0.0.1", "--port", str(port), str(document)]
    program = node_modules(HERE) / "@stoplight" / "prism-cli" / "dist" / "index.js"
    process = subprocess.Popen(node_command(program, *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Prism did not start")
