"""Files from the page cache to the socket by sendfile(2): none of their bytes passes through Python.

uvicorn's transport knows no sendfile, so files leave through a second descriptor of the same socket, while nothing else
waits to be written.
"""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from octavo.kernel.http._body import ClientGone

EXTENSION: Final = "octavo.sendfile"
# Below that the head and the bytes in one write cost less.
LEAST = 64 * 1024
# How much leaves before others have their turn.
MOST_AT_ONCE = 1024 * 1024
# A disk is read some 128 KiB at once: where one byte of it is in the page cache, what is around is as well.
READ_TOGETHER = 256 * 1024
_NOWAIT = getattr(os, "RWF_NOWAIT", 0)


class Outlet:
    """The second descriptor of one connection; made for its first file, and closed with it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._socket: socket.socket | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._closed = False

    def close(self) -> None:
        self._closed = True
        self._woken()
        if self._socket is not None:
            self._socket.close()

    @property
    def is_free(self) -> bool:
        """Whether all that was written before has left: a file must not overtake it."""
        return not self._closed and not self._transport.is_closing() and not self._transport.get_write_buffer_size()

    async def send_bytes(self, head: bytes) -> None:
        """The kernel keeps them for a moment, so that they leave with what follows."""
        while head:
            try:
                head = head[self._opened().send(head, socket.MSG_MORE) :]
            except BlockingIOError:
                await self._writable()

    async def send_file(self, file: int, start: int, end: int) -> None:
        """Raises ClientGone."""
        while start < end:
            most = min(end - start, MOST_AT_ONCE)
            if not is_cached(file, start, start + most):
                await asyncio.to_thread(_bring_to_cache, file, start, most)
            try:
                sent = os.sendfile(self._opened().fileno(), file, start, most)
            except BlockingIOError:
                await self._writable()
                continue
            if not sent:
                raise ConnectionAbortedError("the file shrank while it was read")
            start += sent

    def _opened(self) -> socket.socket:
        if self._closed:
            raise ClientGone
        if self._socket is None:
            self._socket = socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno()))
            self._socket.setblocking(False)
        return self._socket

    async def _writable(self) -> None:
        self._waiting = self._loop.create_future()
        self._loop.add_writer(self._opened().fileno(), self._woken)
        try:
            await self._waiting
        finally:
            self._woken()

    def _woken(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or self._socket is None:
            return
        self._loop.remove_writer(self._socket.fileno())
        if not waiting.done():
            waiting.set_result(None)


class FileSender:
    """What an answer finds in its scope where files may leave so: for one request of a connection."""

    __slots__ = ("_cycle", "_outlet")

    def __init__(self, cycle: RequestResponseCycle, outlet: Outlet) -> None:
        self._cycle = cycle
        self._outlet = outlet

    @property
    def is_free(self) -> bool:
        return self._outlet.is_free

    @contextmanager
    def holding_head(self) -> Iterator["Held"]:
        """The head that uvicorn writes meanwhile waits for `send`."""
        transport, held = self._cycle.transport, Held()
        self._cycle.transport = held  # type: ignore[assignment]  # of a transport it uses nothing but `write`
        try:
            yield held
        finally:
            self._cycle.transport = transport

    async def send(self, held: "Held", file: int, start: int, end: int) -> None:
        """The held head, and then the file's bytes. Raises ClientGone."""
        try:
            await self._outlet.send_bytes(held.head)
            await self._outlet.send_file(file, start, end)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ClientGone from error
        self._cycle.expected_content_length -= end - start


class Held:
    """An answer's head."""

    def __init__(self) -> None:
        self.head = b""

    def write(self, data: bytes) -> None:
        self.head += data


def is_cached(file: int, start: int, end: int) -> bool:
    """Whether it can be had without the disk, as far as a few probes tell."""
    byte = bytearray(1)
    with suppress(OSError):  # not there, or a file system that does not tell
        return all(os.preadv(file, [byte], place, _NOWAIT) for place in (*range(start, end, READ_TOGETHER), end - 1))
    return False


def _bring_to_cache(file: int, start: int, length: int) -> None:
    """In a thread: whoever else is answered does not wait for the disk."""
    os.posix_fadvise(file, start, length, os.POSIX_FADV_WILLNEED)
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # whoever waited may have gone, and the file with them
            while length > 0 and (moved := os.sendfile(nowhere, file, start, length)):
                start, length = start + moved, length - moved
    finally:
        os.close(nowhere)
