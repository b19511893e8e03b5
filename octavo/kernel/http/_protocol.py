"""uvicorn's HTTP protocol with bounds on what nobody has asked for yet: the size of a request's head, and its time."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from octavo.kernel.http._sendfile import EXTENSION, FileSender, Outlet

LARGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0


class BoundedProtocol(HttpToolsProtocol):
    """The parser keeps a head, and the trailers behind a body, in memory until they are complete."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._unfinished = 0  # bytes since the last piece of a request that was complete
        self._watching: asyncio.TimerHandle | None = None
        self._head_due = 0.0  # by the loop's clock; 0 while none is awaited

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._outlet = Outlet(transport, self.loop)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_arrived()
        if self._watching is not None:
            self._watching.cancel()
        self._outlet.close()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > LARGEST_HEAD and not self.transport.is_closing():
            if self._head_due:
                self.send_400_response("The head of the request is too large.")
            else:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._head_arrived()
        super().on_headers_complete()
        if (cycle := self.cycle) is not None and cycle.scope is self.scope:  # not one that becomes a socket
            cycle.scope["extensions"] = {EXTENSION: {"sender": FileSender(cycle, self._outlet)}}

    def on_body(self, body: bytes) -> None:
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unfinished = 0
        super().on_message_complete()

    def _expect_head(self) -> None:
        if not self._head_due:
            self._head_due = self.loop.time() + HEAD_SECONDS
            if self._watching is None:
                self._watching = self.loop.call_at(self._head_due, self._watch)

    def _head_arrived(self) -> None:
        self._unfinished = 0
        self._head_due = 0.0

    def _watch(self) -> None:
        """One timer for the connection, not one for each request: most heads arrive at once."""
        self._watching = None
        if self._head_due > self.loop.time():
            self._watching = self.loop.call_at(self._head_due, self._watch)
        elif self._head_due:
            self.transport.close()
