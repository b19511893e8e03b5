"""Signals: what happens, heard live in this process, for pages that follow along. Soon, but nothing is promised."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from octavo.kernel.db import Database
from octavo.kernel.events._feed import Feed
from octavo.kernel.events._line import Line
from octavo.kernel.events._wakes import EVENTS, WakeSender

MOST_UNREAD = 64


class Signals:
    """One per process. Between `start` and `stop` it hears wake-ups of all processes and sends those of this one."""

    def __init__(self, *databases: Database) -> None:
        distinct = {db.url: db for db in databases}.values()
        self._lines = [Line(db, self._heard) for db in distinct]
        self._feeds = [Feed(db, self._publish) for db in distinct]
        self._watchers: dict[str, set[_Watcher]] = {}
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._sender: WakeSender | None = None

    async def start(self) -> None:
        self._sender = WakeSender(self._send, self._wake)
        for line in self._lines:
            await line.open()

    async def stop(self) -> None:
        """Ends every watch, so that open streams can end before the process does."""
        if self._sender:
            self._sender.close()
            self._sender = None
        for watcher in [w for watchers in self._watchers.values() for w in watchers]:
            watcher.close()
        for feed in self._feeds:
            await feed.close()
        for line in self._lines:
            await line.close()

    @asynccontextmanager
    async def watch(self, name: str, *, shard: UUID | None = None) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """The bodies of events `name` (of one shard, if given) that are emitted from now on.

        A reader who falls more than 64 behind misses the oldest, so keep bodies whole rather than differences.
        The iterator ends when the process does.
        """
        watcher = _Watcher(shard)
        self._watchers.setdefault(name, set()).add(watcher)
        try:
            for feed in self._feeds:
                await feed.follow(name)
            yield watcher.changes()
        finally:
            self._watchers[name].discard(watcher)
            if not self._watchers[name]:
                del self._watchers[name]
                for feed in self._feeds:
                    feed.leave(name)

    @asynccontextmanager
    async def waiting(self, *topics: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set by a wake-up of any of the topics. Clear it before looking; look each second anyway."""
        woken = asyncio.Event()
        for topic in topics:
            self._waiting.setdefault(topic, set()).add(woken)
        try:
            yield woken
        finally:
            for topic in topics:
                self._waiting[topic].discard(woken)
                if not self._waiting[topic]:
                    del self._waiting[topic]

    async def _send(self, payload: str) -> None:
        await asyncio.gather(*(line.send(payload) for line in self._lines))

    def _heard(self, payload: str | None) -> None:
        if payload is None:
            self._wake(set(self._waiting) | {EVENTS})
            return
        mark, *topics = payload.split()
        if self._sender is None or mark != self._sender.mark:
            self._wake(set(topics))

    def _wake(self, topics: set[str]) -> None:
        if EVENTS in topics:
            for feed in self._feeds:
                feed.wake()
        for topic in topics:
            for woken in self._waiting.get(topic, ()):
                woken.set()

    def _publish(self, name: str, shard: UUID, body: dict[str, Any]) -> None:
        for watcher in self._watchers.get(name, ()):
            watcher.push(shard, body)


class _Watcher:
    def __init__(self, shard: UUID | None) -> None:
        self._shard = shard
        self._unread: deque[dict[str, Any]] = deque(maxlen=MOST_UNREAD)
        self._changed = asyncio.Event()
        self._closed = False

    def push(self, shard: UUID, body: dict[str, Any]) -> None:
        if self._shard is None or shard == self._shard:
            self._unread.append(body)
            self._changed.set()

    def close(self) -> None:
        self._closed = True
        self._changed.set()

    async def changes(self) -> AsyncIterator[dict[str, Any]]:
        while not self._closed:
            await self._changed.wait()
            self._changed.clear()
            while self._unread and not self._closed:
                yield self._unread.popleft()
