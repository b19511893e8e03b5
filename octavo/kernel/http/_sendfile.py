"""Files from the page cache to the socket by sendfile(2): none of their bytes passes through Python.

The event loop's transport knows no sendfile, so files leave through a second descriptor of the same socket, while
nothing else waits to be written.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

from octavo.kernel.http._open_file import OpenFile

# Below that the head and the bytes in one write cost less.
LEAST = 64 * 1024
# How much leaves before others have their turn.
MOST_AT_ONCE = 1024 * 1024
# What leaves from the page cache has left before that, unless the kernel had to read it from the disk after all.
SLOW_SECONDS = 0.002
Done = Callable[[Exception | None], None]


class FileShrank(Exception):
    """What was announced is not there any more."""


class Outlet:
    """The second descriptor of one connection; made for its first file, and closed with it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._transport = transport
        self._socket: socket.socket | None = None
        self._sending: _Sending | None = None
        self._closed = False

    @property
    def is_free(self) -> bool:
        """Whether all that was written before has left: a file must not overtake it."""
        return (
            self._sending is None
            and not self._closed
            and not self._transport.is_closing()
            and not self._transport.get_write_buffer_size()
        )

    def send(self, head: bytes, file: OpenFile, start: int, end: int, done: Done) -> None:
        """Calls `done` when all has left, with None, or when it cannot; perhaps before this returns.

        An OSError means that the client has gone, or that the outlet was closed.
        """
        assert self._sending is None
        try:
            opened = self._opened()
        except OSError as error:  # no descriptors are left
            done(error)
            return
        self._sending = sending = _Sending(self, opened, head, file, start, end, done)
        sending.go_on()

    def close(self) -> None:
        self._closed = True
        if self._sending is not None:
            self._sending.end(ConnectionAbortedError("the connection has ended"))
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def free(self) -> None:
        self._sending = None

    def _opened(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno()))
            self._socket.setblocking(False)
        return self._socket


class _Sending:
    """A head and a part of a file on their way: goes on whenever the socket takes more."""

    __slots__ = ("_cached", "_done", "_end", "_file", "_head", "_outlet", "_place", "_socket", "_waits")

    def __init__(
        self, outlet: Outlet, socket: socket.socket, head: bytes, file: OpenFile, start: int, end: int, done: Done
    ) -> None:
        self._outlet = outlet
        self._socket = socket
        self._head = head
        self._file = file
        self._place = start
        self._end = end
        self._done: Done | None = done
        self._cached = start  # up to there the file was in the page cache a moment ago
        self._waits = False  # for the socket to take more

    def go_on(self) -> None:
        if self._done is None:
            return
        try:
            while self._head:  # the kernel keeps it for a moment, so that it leaves with what follows
                self._head = self._head[self._socket.send(self._head, socket.MSG_MORE) :]
            if self._place < self._end and not self._send_some():
                return
        except BlockingIOError:
            self._wait()
        except (OSError, FileShrank) as error:
            self.end(error)
        else:
            if self._place == self._end:
                self.end(None)
            else:
                self._outlet.loop.call_soon(self.go_on)

    def end(self, error: Exception | None) -> None:
        done, self._done = self._done, None
        if self._waits:
            self._outlet.loop.remove_writer(self._socket.fileno())
        self._outlet.free()
        if done is not None:
            done(error)

    def _send_some(self) -> bool:
        """Whether it may go on at once: what is not in the page cache is brought there by a thread."""
        stop = min(self._end, self._place + MOST_AT_ONCE)
        if self._cached < stop:
            if not self._file.is_cached(self._cached, stop):
                self._bring(stop)
                return False
            self._cached = stop
        while self._place < stop:
            started = perf_counter()
            sent = os.sendfile(self._socket.fileno(), self._file.descriptor, self._place, stop - self._place)
            if not sent:
                raise FileShrank
            self._place += sent
            if perf_counter() - started > SLOW_SECONDS:
                self._file.forget()
        return True

    def _wait(self) -> None:
        if not self._waits:
            self._waits = True
            self._outlet.loop.add_writer(self._socket.fileno(), self.go_on)

    def _bring(self, stop: int) -> None:
        if self._waits:
            self._waits = False
            self._outlet.loop.remove_writer(self._socket.fileno())
        file = self._file
        start, past = file.read_together(self._cached, stop)
        self._cached = stop

        def go_on(_: object) -> None:
            file.saw(start, past)
            file.close()
            self.go_on()

        file.hold()  # the caller may close it before the thread is through
        reading = self._outlet.loop.run_in_executor(None, _bring_to_cache, file.descriptor, start, past - start)
        reading.add_done_callback(go_on)


def _bring_to_cache(file: int, start: int, length: int) -> None:
    """In a thread: whoever else is answered does not wait for the disk."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.posix_fadvise(file, start, length, os.POSIX_FADV_WILLNEED)
        with suppress(OSError):
            while length > 0 and (moved := os.sendfile(nowhere, file, start, length)):
                start, length = start + moved, length - moved
    finally:
        os.close(nowhere)
