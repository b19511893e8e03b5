"""Until when the next thing has to arrive: one timer for a connection, not one for each request."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls `missed` when what is awaited does not come. Most of it arrives at once, so setting one costs little."""

    def __init__(self, loop: asyncio.AbstractEventLoop, missed: Callable[[], None]) -> None:
        self._loop = loop
        self._missed = missed
        self._due = 0.0  # by the loop's clock; 0 while nothing is awaited
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        return bool(self._due)

    def expect_within(self, seconds: float) -> None:
        self._due = self._loop.time() + seconds
        if self._timer is not None and self._timer.when() > self._due:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._look)

    def met(self) -> None:
        self._due = 0.0

    def cancel(self) -> None:
        """For good."""
        self._due = 0.0
        self._missed = _nothing
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """A timer that was set for an earlier thing goes on for the present one."""
        self._timer = None
        if self._due > self._loop.time():
            self._timer = self._loop.call_at(self._due, self._look)
        elif self._due:
            self._due = 0.0
            self._missed()


def _nothing() -> None:
    pass
