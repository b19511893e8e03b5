"""One request of a connection and its answer, as ASGI's `receive` and `send`."""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp, Message, Scope

from octavo.kernel.http._body import ClientGone
from octavo.kernel.http._heads import STATUS_LINES, Header, header_lines, plain_answer
from octavo.kernel.http._open_file import OpenFile

if TYPE_CHECKING:
    from octavo.kernel.http._protocol import Connection

log = logging.getLogger("octavo.http")
EXTENSION: Final = "octavo.http"
# As much of a body waits for the application; the sender waits with the rest.
MOST_WAITING = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Turn:
    """Over when the answer is complete, or the client gone."""

    __slots__ = (
        "_awaits_continue",
        "_body",
        "_chunked",
        "_connection",
        "_has_news",
        "_is_gone",
        "_is_over",
        "_keep_alive",
        "_left",
        "_more_body",
        "_news",
        "_scope",
        "_started",
        "_waiting",
    )

    def __init__(self, connection: "Connection", scope: Scope, *, keep_alive: bool, awaits_continue: bool) -> None:
        scope["extensions"] = {EXTENSION: {"turn": self}}
        self._connection = connection
        self._scope = scope
        self._keep_alive = keep_alive
        self._awaits_continue = awaits_continue
        self._body: list[bytes] = []
        self._waiting = 0  # bytes of it
        self._more_body = True
        self._has_news = False
        self._news: asyncio.Event | None = None  # made by the first who has to wait
        self._started = False
        self._chunked = False
        self._left = 0  # bytes that Content-Length has announced
        self._is_over = False
        self._is_gone = False

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        except Exception:
            log.exception("the application left a request without an answer")
        finally:
            if not self._is_over and not self._is_gone:
                self._give_up()
            del self._scope["extensions"]  # which hold this turn: nobody has to look for the circle

    # From the connection

    def take(self, body: bytes) -> None:
        """A piece of the request's body. What comes after the answer is of no use any more."""
        if self._is_over:
            return
        self._body.append(body)
        self._waiting += len(body)
        if self._waiting > MOST_WAITING:
            self._connection.pause_reading()
        self._wake()

    def take_last(self) -> None:
        self._more_body = False
        self._wake()

    def leave(self) -> None:
        """The client has gone."""
        self._is_gone = True
        self._wake()

    # For the application

    async def receive(self) -> Message:
        if self._awaits_continue and not self._started:
            self._awaits_continue = False
            self._connection.transport.write(CONTINUE)
        while not (self._has_news or self._is_over or self._is_gone):
            self._connection.resume_reading()
            if self._news is None:
                self._news = asyncio.Event()
            self._news.clear()
            await self._news.wait()
        if self._is_over or (self._is_gone and not self._waiting):  # what came before the line broke is not lost
            return {"type": "http.disconnect"}
        self._has_news = False
        body = b"".join(self._body)
        self._body.clear()
        self._waiting = 0
        return {"type": "http.request", "body": body, "more_body": self._more_body}

    async def send(self, message: Message) -> None:
        """To a client who has gone it does nothing, as ASGI wants it."""
        if not self._connection.writable.is_set():
            await self._connection.writable.wait()
        if self._is_gone:
            return
        if message["type"] == "http.response.start":
            self._connection.transport.write(self._begin(message))
        else:
            self._continue(message.get("body", b""), more=message.get("more_body", False))

    async def send_whole(self, start: Message, body: bytes | bytearray) -> None:
        """Head and body, which are the whole answer, in one write."""
        if not self._connection.writable.is_set():
            await self._connection.writable.wait()
        if self._is_gone:
            return
        head = self._begin(start)
        if self._chunked or self._left != len(body):
            raise RuntimeError("the answer has another length than its Content-Length says")
        self._connection.transport.writelines((head, body))
        self._end()

    @property
    def can_send_files(self) -> bool:
        return self._connection.outlet.is_free

    async def send_file(self, start: Message, file: OpenFile, begin: int, end: int) -> None:
        """The answer's head and a part of a file; an empty last piece of the body ends it. Raises ClientGone."""
        if self._is_gone:
            raise ClientGone
        sent = self._connection.loop.create_future()

        def finish(error: Exception | None) -> None:
            if not sent.done():
                sent.set_result(error)

        self._connection.outlet.send(self._begin(start), file, begin, end, finish)
        try:
            error = await sent
        except asyncio.CancelledError:
            self._connection.outlet.close()  # the file is about to be closed
            raise
        if isinstance(error, OSError):
            raise ClientGone from error
        if error is not None:
            raise error
        self._left -= end - begin

    # The answer on the wire

    def _begin(self, message: Message) -> bytes:
        if self._started:
            raise RuntimeError("the answer has begun already")
        status: int = message["status"]
        headers: list[Header] = [*self._connection.default_headers, *message["headers"]]
        has_length, says_close = False, False
        for name, value in headers:
            if name == b"content-length":
                has_length = True
                self._left = int(value)
            elif name == b"connection":
                says_close = says_close or b"close" in value.lower()
        if says_close or self._connection.closes:
            self._keep_alive = False
        if not self._keep_alive and not says_close:
            headers.append((b"connection", b"close"))
        has_body = self._scope["method"] != "HEAD" and status not in (204, 304)
        if not has_body:
            self._left = 0
        elif not has_length and self._scope["http_version"] == "1.1":
            self._chunked = True
            headers.append((b"transfer-encoding", b"chunked"))
        elif not has_length:  # it ends with the connection, which HTTP/1.0 does after every answer
            self._left = -1
        head = b"%b%b\r\n" % (STATUS_LINES[status], header_lines(headers))
        self._started = True
        return head

    def _continue(self, body: bytes | bytearray, *, more: bool) -> None:
        if not self._started or self._is_over:
            raise RuntimeError("a body outside of an answer")
        write = self._connection.transport.write
        if self._chunked:
            if body:
                write(b"".join((b"%x\r\n" % len(body), body, b"\r\n")))
            if not more:
                write(b"0\r\n\r\n")
        elif body and self._scope["method"] != "HEAD":
            if 0 <= self._left < len(body):
                raise RuntimeError("the answer is longer than its Content-Length")
            self._left = max(self._left - len(body), min(self._left, 0))
            write(body)
        if more:
            return
        if self._left > 0:
            raise RuntimeError("the answer is shorter than its Content-Length")
        self._end()

    def _give_up(self) -> None:
        """What has begun is cut off, so that nobody takes it for the whole."""
        connection = self._connection
        self._keep_alive = False
        if not self._started:
            connection.transport.write(plain_answer(500, "Internal Server Error", connection.default_headers))
        self._end()

    def _end(self) -> None:
        self._is_over = True
        self._wake()
        self._connection.turn_is_over(keep_alive=self._keep_alive)

    def _wake(self) -> None:
        self._has_news = True
        if self._news is not None:
            self._news.set()
