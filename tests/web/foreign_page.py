"""A page of somebody else's site, on an origin of its own, with players that nobody here wrote."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.wire.packages import node_modules

PAGE = Path(__file__).parent / "player_page.html"


class _Files(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        path = path.partition("?")[0]
        return str(PAGE) if path == "/" else super().translate_path(path)

    def log_message(self, *_: object) -> None:
        """A test's own server has nothing to say."""


@contextmanager
def foreign_site() -> Iterator[str]:
    """The address of a running server with the player page at `/` and the npm packages below `/node_modules/`."""
    handler = partial(_Files, directory=str(node_modules().parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
