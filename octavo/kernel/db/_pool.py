"""The pool: connections kept open between statements, at most so many, the most recently used first.

asyncpg's own pool wraps each connection anew and resets it over the wire on every release. Nothing here leaves state on
a connection (LISTEN, advisory locks and SET belong to direct ones), so handing it on is two list operations.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

import asyncpg

from octavo.kernel.db._errors import busy


class Pool:
    def __init__(
        self, connect: Callable[[], Awaitable[asyncpg.Connection]], *, size: int, wait: float, idle_seconds: float
    ) -> None:
        self._connect = connect
        self._size = size
        self._wait = wait
        self._idle_seconds = idle_seconds
        self._open = 0
        self._idle: deque[tuple[float, asyncpg.Connection]] = deque()
        self._waiting: deque[asyncio.Future[asyncpg.Connection | None]] = deque()
        self._closed = False

    async def acquire(self) -> asyncpg.Connection:
        """A healthy connection. Raises Unavailable when all stay busy, and what connecting raises."""
        while self._idle:
            _, connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open -= 1
        if self._open >= self._size:
            connection = await self._next_released()
            if connection is not None and not connection.is_closed():
                return connection
            self._open -= 1  # the place of a broken one, which is taken again at once
        return await self._open_one()

    def release(self, connection: asyncpg.Connection, *, healthy: bool = True) -> None:
        """Give back. An unhealthy one (cancelled, timed out or inside a transaction) is closed instead."""
        if healthy and not connection.is_closed() and not connection.is_in_transaction() and not self._closed:
            if not self._hand_over(connection):
                self._idle.append((time.monotonic(), connection))
                self._close_idle()
            return
        if not connection.is_closed():
            connection.terminate()
        self._forget_one()

    async def close(self) -> None:
        """Close what is idle now and, on release, what is still at work."""
        self._closed = True
        while self._idle:
            _, connection = self._idle.pop()
            self._open -= 1
            try:
                await connection.close(timeout=1)
            except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()

    @property
    def size(self) -> int:
        """Connections open now, busy ones included."""
        return self._open

    async def _open_one(self) -> asyncpg.Connection:
        if self._closed:
            raise asyncpg.InterfaceError("the pool is closed")
        self._open += 1
        try:
            return await self._connect()
        except BaseException:
            self._forget_one()
            raise

    async def _next_released(self) -> asyncpg.Connection | None:
        """The next one that is given back, or None for leave to open one in the place of a broken one."""
        turn: asyncio.Future[asyncpg.Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._wait):
                return await turn
        except TimeoutError:
            self._pass_on(turn)
            raise busy() from None
        except asyncio.CancelledError:
            self._pass_on(turn)
            raise

    def _pass_on(self, turn: asyncio.Future[asyncpg.Connection | None]) -> None:
        """Whoever gave up waiting in the very moment of being served leaves what it got to the next."""
        if not turn.done() or turn.cancelled():
            turn.cancel()
            return
        connection = turn.result()
        if connection is None:
            self._forget_one()
        else:
            self.release(connection)

    def _hand_over(self, connection: asyncpg.Connection | None) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    def _forget_one(self) -> None:
        """Its place stays taken while somebody waits for it: who comes later must not be quicker."""
        if not self._hand_over(None):
            self._open -= 1

    def _close_idle(self) -> None:
        """The oldest unused connections end here; LIFO use leaves them at the far end."""
        limit = time.monotonic() - self._idle_seconds
        while self._idle and self._idle[0][0] < limit:
            _, connection = self._idle.popleft()
            connection.terminate()
            self._open -= 1
