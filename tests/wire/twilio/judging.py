"""A server that stands before the dialect: it hands every call on as it came, and judges every answer."""

import gzip
import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.wire.twilio.judge import judge

OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
FORWARD_SECONDS = 60


@dataclass(frozen=True)
class Exchange:
    """A call and its answer; `url` is the one that the caller means."""

    method: str
    url: str
    status: int


class JudgingServer(ThreadingHTTPServer):
    """`faults` has a sentence for everything in the answers that is not as the vendor documents it, and `exchanges`
    whatever was judged.
    """

    daemon_threads = True
    # SDKs open many connections at once.
    request_queue_size = 256

    def __init__(self, dialect: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dialect = urlsplit(dialect).netloc
        self.faults: list[str] = []
        self.exchanges: list[Exchange] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take_faults(self) -> list[str]:
        taken, self.faults = self.faults, []
        return taken

    def take_exchanges(self) -> list[Exchange]:
        taken, self.exchanges = self.exchanges, []
        return taken


@contextmanager
def judging(dialect: str) -> Iterator[JudgingServer]:
    with JudgingServer(dialect) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: JudgingServer

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(self.server.dialect, timeout=FORWARD_SECONDS)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in OF_THE_CONNECTION or name.lower() == "content-length":
                    connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        self._judge(response, answer)
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in OF_THE_CONNECTION:
                self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _hand_on  # noqa: N815 (names of the standard library)

    def _judge(self, response: http.client.HTTPResponse, answer: bytes) -> None:
        url = f"https://{self.headers.get('Host')}{self.path}"
        self.server.exchanges.append(Exchange(self.command, url, response.status))
        if self.command == "GET" and is_of_file(self.path.partition("?")[0]) and response.status < 400:
            return
        if response.getheader("Content-Encoding") == "gzip":
            answer = gzip.decompress(answer)
        self.server.faults += judge(self.command, url, response.status, answer)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


def is_of_file(path: str) -> bool:
    """The bytes of a file, and the way to them, have no shape."""
    return path.startswith(("/media/", "/v1/Deactivations/")) or ("/Media/" in path and not path.endswith(".json"))
