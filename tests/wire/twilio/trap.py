"""Something inside the operator's own network that would answer anybody, and notes whether anybody came."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.wire.twilio.serving import picture

ADDRESSES = ("127.0.0.1", "127.0.0.2", "::1")
# As addresses are written by those who want to get past a guard: in other notations, as IPv4 inside IPv6, as whatever
# a machine calls itself, and by names, which `localhost` is, and `0x7f.2` to resolvers.
HOSTS = (
    "127.0.0.1",
    "127.0.0.2",
    "127.2",
    "2130706433",
    "0x7f000002",
    "0x7f.2",
    "0177.0.0.1",
    "017700000001",
    "0.0.0.0",
    "localhost",
    "LocalHost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:2]",
    "[::127.0.0.2]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:2::]",
    "127.0.0.3@127.0.0.1",
    "127.0.0.3%2f@127.0.0.2",
)


class Trap:
    """Servers on several addresses under one port. A picture lies there, so that who got in would have something."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.port = 0

    def urls(self) -> dict[str, str]:
        """Ways in, by how the host is written."""
        return {host: f"http://{host}:{self.port}/secret.png" for host in HOSTS}

    def is_set(self) -> bool:
        """Whether it notes all who come; it has forgotten them then."""
        for address in ADDRESSES:
            host = f"[{address}]" if ":" in address else address
            httpx.get(f"http://{host}:{self.port}/secret.png", trust_env=False, timeout=60).raise_for_status()
        noted, self.came = self.came, []
        return noted == [*ADDRESSES]


@contextmanager
def a_trap() -> Iterator[Trap]:
    trap = Trap()
    with ExitStack() as stack:
        for address in ADDRESSES:
            server = stack.enter_context(_Server(trap, address, trap.port))
            trap.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield trap


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, trap: Trap, address: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._trap, self._address = trap, address
        super().__init__((address, port), _Handler)

    def get_request(self) -> tuple[socket.socket, object]:
        """A connection is enough, whether or not anything is asked over it."""
        self._trap.came.append(self._address)
        return super().get_request()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(picture())

    do_POST = do_GET  # noqa: N815 (names of the standard library)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""
