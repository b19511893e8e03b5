"""A server with files for messages, good ones and such as nobody should fetch."""

import gzip
import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

LARGE = 6 * 1024 * 1024
PATIENCE_SECONDS = 30.0


@cache
def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@cache
def bomb() -> bytes:
    """A few kilobytes that become many megabytes."""
    return gzip.compress(picture() + bytes(4 * LARGE))


@contextmanager
def serving_files(address: str = "127.0.0.1") -> Iterator[str]:
    """Where it is. `_FILES` are its files; `/to?` followed by an address leads there, and what is not there is 404."""
    bomb()  # nobody is to wait for it
    with _Server((address, 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{address}:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # The files of many messages are fetched at once.
    request_queue_size = 256


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        # Octavo hangs up on what it does not want.
        with suppress(OSError):
            path, _, place = self.path.partition("?")
            if path == "/to":
                self.begin(302, Location=place)
            elif path in _FILES:
                _FILES[path](self)
            else:
                self.begin(404)

    def begin(self, status: int = 200, kind: str = "image/png", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def whole(self, body: bytes, kind: str = "image/png", **headers: str) -> None:
        self.begin(200, kind, **headers)
        self.wfile.write(body)

    def endless(self, part: bytes, pause: float = 0.0) -> None:
        """A picture that goes on for as long as anybody listens."""
        self.whole(picture())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(pause)

    def cut(self) -> None:
        """A picture whose connection ends in the middle of it."""
        self.whole(picture()[:100], Content_Length=str(len(picture())))

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


_FILES: dict[str, Callable[[_Handler], None]] = {
    "/good.png": lambda one: one.whole(picture()),
    "/away.png": lambda one: one.begin(302, Location="/good.png"),
    "/page.png": lambda one: one.whole(b"<html><script>alert(1)</script></html>"),
    "/drawing.png": lambda one: one.whole(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "/program.png": lambda one: one.whole(b"MZ\x90\x00" + bytes(2000)),
    "/page.html": lambda one: one.whole(b"<html>Hello</html>", "text/html"),
    "/picture.txt": lambda one: one.whole(picture(), "text/plain"),
    "/empty.png": lambda one: one.whole(b""),
    "/large.png": lambda one: one.whole(picture() + bytes(LARGE), Content_Length=str(len(picture()) + LARGE)),
    "/endless.png": lambda one: one.endless(bytes(65536)),
    "/bomb.png": lambda one: one.whole(bomb(), Content_Encoding="gzip"),
    "/drip.png": lambda one: one.endless(b"\0", pause=0.1),
    "/silent.png": lambda _: time.sleep(PATIENCE_SECONDS),
    "/cut.png": _Handler.cut,
    "/ring.png": lambda one: one.begin(302, Location="/ring.png"),
    "/broken.png": lambda one: one.begin(503),
}
