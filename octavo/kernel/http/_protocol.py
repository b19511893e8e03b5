"""One connection of HTTP/1.1 (RFC 9112): llhttp reads the requests, and they are answered one after the other.

uvicorn accepts the connections, gives the date, and takes over those that become WebSockets. What nobody has asked for
yet is bounded: the size of a request's head, its time, and the time between requests.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import httptools
from uvicorn import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr
from uvicorn.server import ServerState

from octavo.kernel.http._at_once import Asked, PartsAtOnce
from octavo.kernel.http._deadline import Deadline
from octavo.kernel.http._heads import plain_answer
from octavo.kernel.http._scope import Headers, scope_of
from octavo.kernel.http._sendfile import Outlet
from octavo.kernel.http._turn import Turn
from octavo.kernel.http._upgrade import asks_for_socket, hand_over

if TYPE_CHECKING:
    from octavo.kernel.http._application import Application

LARGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0


class Connection(asyncio.Protocol):
    """Made by uvicorn, which also calls `shutdown`."""

    transport: asyncio.Transport
    outlet: Outlet

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._config = config
        self._app: Application = config.loaded_app
        self._server = server_state
        self.loop = _loop or asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._turns: deque[Turn] = deque()  # the first is being answered
        self._reading: Turn | None = None  # whose body arrives
        self._refusal = ""  # what to say as soon as all turns are over
        self.closes = False  # as soon as what is being answered has been
        self._becomes_socket = False
        self._is_paused = False
        self.writable = asyncio.Event()
        self.writable.set()
        self._url = b""
        self._headers: Headers = []
        self._awaits_continue = False
        self._is_between = True  # the parser has all of the requests that it has begun
        self._begun = 0  # requests, by the bytes that came last
        self._asked: Asked | None = None  # by the last of them, if it was answered at once
        self._unfinished = 0  # bytes since the last piece of a request that was complete
        self._deadline = Deadline(self.loop, self._let_go)

    # What the transport says

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self.outlet = Outlet(transport, self.loop)
        self._address = get_local_addr(transport)
        self._client = get_remote_addr(transport)
        self._parts = PartsAtOnce(self._app, self.outlet, self._address, self._go_on)
        self._server.connections.add(self)  # type: ignore[arg-type]  # it wants its own classes, and calls `shutdown`
        self._deadline.expect_within(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        for turn in self._turns:
            turn.leave()
        self.writable.set()

    def data_received(self, data: bytes) -> None:
        was_between = self._is_between and not self._turns and not self.closes
        if was_between and self._parts.answer_again(data, self._server.default_headers):
            return
        self._unfinished += len(data)
        self._begun = 0
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._becomes_socket:
                self._hand_over(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse("Invalid HTTP request received.")
        if self._unfinished > LARGEST_HEAD and not self.transport.is_closing():
            if self._deadline.is_set:
                self._refuse("The head of the request is too large.")
            else:
                self.transport.abort()
        if was_between and self._is_between and self._begun == 1 and self._asked is not None:
            self._parts.remember(data, self._asked)

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    # What the parser finds

    def on_message_begin(self) -> None:
        self._is_between = False
        self._begun += 1
        self._asked = None
        self._url = b""
        self._headers = []
        self._awaits_continue = False
        self._deadline.expect_within(HEAD_SECONDS)

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"expect":
            self._awaits_continue = value.lower() == b"100-continue"
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._unfinished = 0
        self._deadline.met()
        self._reading = None
        upgrades = self._parser.should_upgrade()
        self._becomes_socket = upgrades and not self._is_busy and asks_for_socket(self._headers)
        if self._becomes_socket or self.transport.is_closing():
            return
        # An upgrade that we do not know is answered in plain HTTP, and nothing after it would be understood.
        keep_alive = not upgrades and not self.closes and self._parser.should_keep_alive()
        keep_alive = keep_alive and self._parser.get_http_version() == "1.1"
        if keep_alive and not self._turns and self._parser.get_method() == b"GET":
            self._asked = self._parts.answer(self._url, self._headers, self.default_headers)
            if self._asked is not None:
                return
        scope = scope_of(self._parser, self._url, self._headers, self._address, self._client)
        turn = Turn(self, scope, keep_alive=keep_alive, awaits_continue=self._awaits_continue)
        self._reading = turn
        if self._is_busy:
            self.pause_reading()
        self._turns.append(turn)
        if len(self._turns) == 1 and not self._parts.is_busy:
            self._start(turn)

    def on_body(self, body: bytes) -> None:
        self._unfinished = 0
        if self._reading is not None:
            self._reading.take(body)

    def on_message_complete(self) -> None:
        self._is_between = True
        self._unfinished = 0
        if self._reading is not None:
            self._reading.take_last()
            self._reading = None
            if not self._is_busy:  # it was answered before it was complete
                self._deadline.expect_within(self._config.timeout_keep_alive)

    # What a turn needs

    @property
    def default_headers(self) -> Headers:
        return self._server.default_headers

    def pause_reading(self) -> None:
        if not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self._is_paused and not self.transport.is_closing():
            self._is_paused = False
            self.transport.resume_reading()

    def turn_is_over(self, *, keep_alive: bool) -> None:
        """The first of the turns has been answered."""
        self._turns.popleft()
        self._go_on(keep_alive=keep_alive)

    # The rest

    def shutdown(self) -> None:
        """Ends the connection, but not what is being answered."""
        self.closes = True
        if not self._is_busy:
            self.transport.close()

    @property
    def _is_busy(self) -> bool:
        return self._parts.is_busy or bool(self._turns)

    def _start(self, turn: Turn) -> None:
        task = self.loop.create_task(turn.run(self._app))
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)

    def _go_on(self, *, keep_alive: bool) -> None:
        self._server.total_requests += 1
        if self.transport.is_closing():
            return
        if not keep_alive or self.closes:
            self.transport.close()
            return
        if self._turns:
            self._start(self._turns[0])
        elif self._refusal:
            self._refuse(self._refusal)
        else:
            self.resume_reading()
            self._deadline.expect_within(self._config.timeout_keep_alive if self._reading is None else HEAD_SECONDS)

    def _refuse(self, why: str) -> None:
        """After the answers that others wait for."""
        self._refusal = why
        if self._is_busy:
            self.pause_reading()
        elif not self.transport.is_closing():
            self.transport.write(plain_answer(400, why, self.default_headers))
            self.transport.close()

    def _hand_over(self, rest: bytes) -> None:
        opening = self._parser.get_method(), self._url, self._headers
        self._forget()
        hand_over(self._config, self._server, self.transport, opening, rest)

    def _forget(self) -> None:
        """The circles are cut, so that nobody has to look for them."""
        self._server.connections.discard(self)
        self._deadline.cancel()
        self._parts.close()
        self._parser = None  # type: ignore[assignment]  # nothing is read any more

    def _let_go(self) -> None:
        """What was awaited has not come."""
        if self._is_busy:
            self._deadline.expect_within(HEAD_SECONDS)
        else:
            self.transport.close()
