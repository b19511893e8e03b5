"""A WebSocket with a bounded queue: a slow reader is let go, and never slows the others."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from starlette.types import Message, Receive, Scope, Send

from octavo.kernel.refusals import BadRequest

MOST_WAITING = 256
NORMAL, GOING_AWAY, POLICY, BROKEN, TOO_SLOW = 1000, 1001, 1008, 1011, 1013  # RFC 6455 section 7.4.1


class Socket:
    """Iterate over it for the client's messages (text or bytes); `send` never waits.

    What is sent within one turn of the event loop leaves in one write. A client that lets `MOST_WAITING` messages
    pile up is closed with 1013.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, stopping: asyncio.Event) -> None:
        self.scope = scope
        self.closed = False
        self._receive = receive
        self._send = send
        self._stopping = stopping
        self._waiting: deque[Message] = deque()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._close_code: int | None = None

    @property
    def accepted(self) -> bool:
        return self._writer is not None

    async def accept(self, subprotocol: str | None = None) -> None:
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
        self._writer = asyncio.create_task(self._write())

    def send(self, message: Any) -> None:
        """Text and bytes as they are, anything else as JSON."""
        if self.closed or self._close_code is not None:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.close(TOO_SLOW)
            return
        if isinstance(message, bytes):
            self._waiting.append({"type": "websocket.send", "bytes": message})
        else:
            text = message if isinstance(message, str) else msgspec.json.encode(message).decode()
            self._waiting.append({"type": "websocket.send", "text": text})
        self._wake.set()

    def close(self, code: int = NORMAL) -> None:
        """After what is already waiting."""
        if self._close_code is None:
            self._close_code = code
            self._wake.set()

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Ends when the client leaves or the server stops."""
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            while not self.closed:
                message = asyncio.ensure_future(self._receive())
                await asyncio.wait({message, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not message.done():
                    message.cancel()
                    self.close(GOING_AWAY)
                    return
                received = message.result()
                if received["type"] == "websocket.disconnect":
                    self.closed = True
                    return
                text = received.get("text")
                yield text if text is not None else received["bytes"]
        finally:
            stopping.cancel()

    async def end(self) -> None:
        """Write what is waiting and close; called when the handler returns."""
        self.close()
        if self._writer is not None:
            await self._writer

    async def _write(self) -> None:
        while not self.closed:
            await self._wake.wait()
            self._wake.clear()
            try:
                while self._waiting:
                    await self._send(self._waiting.popleft())
                if self._close_code is not None:
                    await self._send({"type": "websocket.close", "code": self._close_code})
                    self.closed = True
            except (RuntimeError, OSError):
                self.closed = True  # the client left in the meantime


def decode_message(message: str | bytes, kind: type[Any]) -> Any:
    """A client's JSON message as a struct. Raises BadRequest."""
    try:
        return msgspec.json.decode(message, type=kind)
    except msgspec.MsgspecError as error:
        raise BadRequest(f"The message could not be read: {error}.") from error
