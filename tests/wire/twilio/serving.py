"""A server with files for messages, good ones and such as nobody should fetch."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

TOO_MUCH = 64 * 1024 * 1024


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@contextmanager
def serving_files() -> Iterator[str]:
    """Its address. `/good.png` is a picture, `/lies.png` is none, `/endless.png` never ends, `/inside.png` leads into a
    private network, and `/gone.png` is not there.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        # Octavo hangs up on what it does not want.
        with suppress(OSError):
            {"/good.png": self._good, "/lies.png": self._lies, "/endless.png": self._endless}.get(
                self.path, self._elsewhere
            )()

    def _good(self) -> None:
        self._begin(200, ("Content-Type", "image/png"))
        self.wfile.write(picture())

    def _lies(self) -> None:
        self._begin(200, ("Content-Type", "image/png"))
        self.wfile.write(b"<html><script>alert(1)</script></html>")

    def _endless(self) -> None:
        self._begin(200, ("Content-Type", "image/png"))
        self.wfile.write(picture())
        for _ in range(TOO_MUCH // 65536):
            self.wfile.write(bytes(65536))

    def _elsewhere(self) -> None:
        if self.path == "/inside.png":
            self._begin(302, ("Location", "http://10.0.0.1/secret.png"))
        else:
            self._begin(404, ("Content-Type", "text/plain"))

    def _begin(self, status: int, header: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header(*header)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""
