"""Something inside the operator's own network that would answer anybody, and notes whether anybody came."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex

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
        self.port = 0
        self.mark = token_hex(8)  # in all ways that lead here: who asks for something else has only lost theirs
        self._guests: dict[object, str] = {}

    @property
    def came(self) -> list[str]:
        """The addresses that were come to. A connection is enough, whether or not anything is asked over it."""
        return [*self._guests.values()]

    def note(self, guest: object, address: str) -> None:
        self._guests[guest] = address

    def overlook(self, guest: object) -> None:
        self._guests.pop(guest, None)

    def urls(self) -> dict[str, str]:
        """Ways in, by how the host is written."""
        return {host: f"http://{host}:{self.port}/{self.mark}/secret.png" for host in HOSTS}

    def is_set(self) -> bool:
        """Whether it notes all who come; it has forgotten them then."""
        for address in ADDRESSES:
            host = f"[{address}]" if ":" in address else address
            httpx.get(f"http://{host}:{self.port}/{self.mark}", trust_env=False, timeout=60).raise_for_status()
        noted, self._guests = self.came, {}
        return noted == [*ADDRESSES]


@contextmanager
def a_trap() -> Iterator[Trap]:
    trap = Trap()
    with ExitStack() as stack:
        for server in _bound(trap, stack):
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield trap


def _bound(trap: Trap, stack: ExitStack) -> list["_Server"]:
    """One on each address. A port that is free on the first may be taken on another: then all move on."""
    while True:
        trap.port = 0
        with ExitStack() as servers, suppress(_Taken):
            found = [servers.enter_context(_Server(trap, address)) for address in ADDRESSES]
            stack.push(servers.pop_all())
            return found


class _Taken(Exception):
    """Somebody else has this port there."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, trap: Trap, address: str) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.trap, self._address = trap, address
        try:
            super().__init__((address, trap.port), _Handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise _Taken from None
        trap.port = self.server_address[1]

    def get_request(self) -> tuple[socket.socket, object]:
        connection, guest = super().get_request()
        self.trap.note(guest, self._address)
        return connection, guest


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.server.trap.mark not in self.path:
            self.server.trap.overlook(self.client_address)
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(picture())

    do_POST = do_GET  # noqa: N815 (names of the standard library)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""
