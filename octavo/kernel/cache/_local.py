"""The cache inside the process: the least recently used goes first, and each key loads once at a time."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from octavo.settings import CacheSettings

T = TypeVar("T")


class _Entry(NamedTuple):
    value: Any
    expires: float


def versioned(name: str, of: object, version: int) -> str:
    """A key that a new version of the thing leaves behind, `title:018f...@7`: nobody invalidates it, it ages out."""
    return f"{name}:{of}@{version}"


class Cache:
    """Remembered values by key. Values are shared between callers: keep frozen ones only."""

    def __init__(self, settings: CacheSettings | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        settings = settings or CacheSettings()
        self._most = settings.entries
        self._longest = settings.longest_seconds
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._loads: dict[str, asyncio.Task[Any]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    async def get_or_load(self, key: str, load: Callable[[], Awaitable[T]], *, ttl: float) -> T:
        """The remembered value, at most `ttl` seconds old, or what `load` gives.

        Callers at the same time share one load. An error of `load` goes to all who wait for it and is not remembered.
        """
        entry = self._entries.get(key)
        if entry is not None and entry.expires > self._clock():
            self._entries.move_to_end(key)
            value: T = entry.value
            return value
        running = self._loads.get(key)
        if running is None:
            running = self._loads[key] = asyncio.create_task(self._load(key, load, ttl))
            running.add_done_callback(lambda task: self._forget_load(key, task))
        # Shielded: one caller who goes away must not take the answer from the others.
        shared: T = await asyncio.shield(running)
        return shared

    def invalidate(self, key: str | None = None, *, prefix: str | None = None) -> None:
        """Forget one key, or all that begin with `prefix`. A load that is under way is not remembered."""
        if key is not None:
            self._entries.pop(key, None)
            self._loads.pop(key, None)
        if prefix is not None:
            for known in [k for k in self._entries if k.startswith(prefix)]:
                del self._entries[known]
            for known in [k for k in self._loads if k.startswith(prefix)]:
                del self._loads[known]

    def clear(self) -> None:
        self.invalidate(prefix="")

    async def follow(
        self, changes: AsyncIterator[Mapping[str, Any]], keys: Callable[[Mapping[str, Any]], Iterable[str]]
    ) -> None:
        """Forget `keys(change)` for every change that comes, such as those of `signals.watch(...)`, until they end."""
        async for change in changes:
            for key in keys(change):
                self.invalidate(key)

    async def _load(self, key: str, load: Callable[[], Awaitable[T]], ttl: float) -> T:
        began = self._clock()
        value = await load()
        # Invalidation takes the load out of the table, and so keeps a stale value from being remembered.
        if self._loads.get(key) is asyncio.current_task():
            # Its age counts from before the load: what was read may have changed since.
            self._remember(key, value, began + min(ttl, self._longest))
        return value

    def _remember(self, key: str, value: object, expires: float) -> None:
        self._entries[key] = _Entry(value, expires)
        self._entries.move_to_end(key)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def _forget_load(self, key: str, task: "asyncio.Task[Any]") -> None:
        if self._loads.get(key) is task:
            del self._loads[key]
        if not task.cancelled():
            task.exception()  # seen, also when nobody waits any more
