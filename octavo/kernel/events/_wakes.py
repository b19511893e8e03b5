"""Wake-ups between processes: topics noted after a commit, sent together by NOTIFY at most once in 5 ms.

A wake-up carries no data and may be lost: whoever waits for one also looks by itself each second.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from uuid import uuid4

from octavo.kernel.db import Transaction

CHANNEL = "octavo"
INTERVAL = 0.005
TOPICS_AT_A_TIME = 60  # PostgreSQL takes 7,999 bytes in one notification
LONGEST_TOPIC = 128

# The topics of this package: rows without a position, and rows that have just been given one.
OUTBOX = "outbox"
EVENTS = "events"

log = logging.getLogger("octavo.events")


def wake_after(tx: Transaction, topic: str) -> None:
    """Wake all who wait for `topic` (a short word), in every process, once `tx` has committed."""
    if not topic.isascii() or " " in topic or len(topic) > LONGEST_TOPIC:
        raise ValueError(f"{topic!r} is no topic")
    tx.after_commit(lambda: wake(topic))


def wake(topic: str) -> None:
    """Wake all who wait for `topic`. Nothing happens in a process without Signals; those who wait look anyway."""
    for sender in _senders:
        sender.note(topic)


class WakeSender:
    """Collects topics and hands them to `send`: at once after a quiet time, otherwise at the end of the interval."""

    def __init__(self, send: Callable[[str], Awaitable[None]], hear: Callable[[set[str]], None]) -> None:
        self._send = send
        self._hear = hear
        self._pending: set[str] = set()
        self._loop = asyncio.get_running_loop()
        self._sent_at = 0.0
        self._flushing: asyncio.Task[None] | None = None
        # Own wake-ups are heard here directly; their echo from the database is known by this mark.
        self.mark = uuid4().hex[:12]
        _senders.add(self)

    def note(self, topic: str) -> None:
        self._pending.add(topic)
        if self._flushing is None:
            self._flushing = self._loop.create_task(self._flush())

    def close(self) -> None:
        _senders.discard(self)
        if self._flushing:
            self._flushing.cancel()

    async def _flush(self) -> None:
        try:
            while self._pending:
                await asyncio.sleep(max(0.0, self._sent_at + INTERVAL - self._loop.time()))
                topics, self._pending = self._pending, set()
                self._sent_at = self._loop.time()
                self._hear(topics)
                for some in batched(sorted(topics), TOPICS_AT_A_TIME):
                    await self._try_to_send(some)
        finally:
            self._flushing = None

    async def _try_to_send(self, topics: Sequence[str]) -> None:
        try:
            await self._send(" ".join((self.mark, *topics)))
        except Exception:
            log.warning("A wake-up was not sent; those who wait will look by themselves.", exc_info=True)


def batched(topics: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (topics[start : start + size] for start in range(0, len(topics), size))


_senders: set[WakeSender] = set()
