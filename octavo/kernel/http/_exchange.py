"""One request and its answer on the wire: the parts of ASGI that the package uses, and what the log needs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.types import Message, Receive, Scope, Send

from octavo.kernel.http._open_file import OpenFile
from octavo.kernel.http._turn import EXTENSION, Turn

if TYPE_CHECKING:
    from octavo.kernel.context import Context
    from octavo.kernel.http._answers import FileRange

Headers = list[tuple[bytes, bytes]]


class Exchange:
    """`started` tells whether the answer has begun: after that an error can only cut it off."""

    __slots__ = (
        "_turn",
        "base_headers",
        "ctx",
        "method",
        "receive",
        "repeatable",
        "request_id",
        "scope",
        "send",
        "size",
        "started",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.request_id = request_id
        self.method: str = scope["method"]
        # Our own connection offers more than ASGI; a test's transport does not.
        self._turn: Turn | None = scope.get("extensions", {}).get(EXTENSION, {}).get("turn")
        self.base_headers: tuple[tuple[bytes, bytes], ...] = ()
        self.ctx: Context | None = None
        self.repeatable: FileRange | None = None
        self.started = False
        self.status = 0
        self.size = 0

    def header(self, name: bytes) -> bytes:
        """The request header's value, or nothing."""
        for key, value in self.scope["headers"]:
            if key == name:
                return bytes(value)
        return b""

    async def start(self, status: int, headers: Headers) -> None:
        await self.send(self._begun(status, headers))

    async def whole(self, status: int, headers: Headers, body: bytes | bytearray = b"") -> None:
        """An answer with a body of known length, or without one."""
        if self._turn is None:
            await self.start(status, headers)
            await self.finish(body)
        else:
            self.size += len(body)
            await self._turn.send_whole(self._begun(status, headers), body)

    async def more(self, chunk: bytes | bytearray) -> None:
        self.size += len(chunk)
        await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def finish(self, chunk: bytes | bytearray = b"") -> None:
        self.size += len(chunk)
        await self.send({"type": "http.response.body", "body": chunk})

    @property
    def can_send_files(self) -> bool:
        """Whether the server can send files by itself, and nothing else waits to be sent."""
        return self._turn is not None and self._turn.can_send_files

    async def send_file(self, status: int, headers: Headers, file: OpenFile, start: int, end: int) -> None:
        """Only where `can_send_files`. Raises ClientGone."""
        assert self._turn is not None
        await self._turn.send_file(self._begun(status, headers), file, start, end)
        self.size += end - start
        await self.finish()

    async def disconnected(self) -> None:
        """Returns when the client has left. Only for after the body was read, or where there is none."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def forward(self, message: Message) -> None:
        """For an answer that speaks ASGI itself, such as one of Starlette's."""
        if message["type"] == "http.response.start":
            await self.start(message["status"], list(message["headers"]))
        elif message.get("more_body", False):
            await self.more(message.get("body", b""))
        else:
            await self.finish(message.get("body", b""))

    def _begun(self, status: int, headers: Headers) -> Message:
        self.status = status
        self.started = True
        headers = with_base(headers, self.base_headers)
        headers.append((b"x-request-id", self.request_id.encode()))
        return {"type": "http.response.start", "status": status, "headers": headers}


def with_base(headers: Headers, base: Iterable[tuple[bytes, bytes]]) -> Headers:
    """With those that every answer carries, unless it has its own."""
    named = {name for name, _ in headers} - {b"vary"}  # what an answer depends on adds up
    return headers + [header for header in base if header[0] not in named]
