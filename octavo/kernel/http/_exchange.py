"""One request and its answer on the wire: the parts of ASGI that the package uses, and what the log needs."""

from typing import TYPE_CHECKING

from starlette.types import Message, Receive, Scope, Send

from octavo.kernel.http._sendfile import EXTENSION, FileSender

if TYPE_CHECKING:
    from octavo.kernel.context import Context
    from octavo.kernel.http._answers import FileRange

Headers = list[tuple[bytes, bytes]]


class Exchange:
    """`started` tells whether the answer has begun: after that an error can only cut it off."""

    __slots__ = (
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
        self.status = status
        self.started = True
        named = {name for name, _ in headers} - {b"vary"}  # what an answer depends on adds up
        headers += [header for header in self.base_headers if header[0] not in named]
        headers.append((b"x-request-id", self.request_id.encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def more(self, chunk: bytes | bytearray) -> None:
        self.size += len(chunk)
        await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def finish(self, chunk: bytes | bytearray = b"") -> None:
        self.size += len(chunk)
        await self.send({"type": "http.response.body", "body": chunk})

    def file_sender(self) -> FileSender | None:
        """Where the server can send files by itself, and nothing else waits to be sent."""
        sender: FileSender | None = self.scope.get("extensions", {}).get(EXTENSION, {}).get("sender")
        return sender if sender is not None and sender.is_free else None

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
