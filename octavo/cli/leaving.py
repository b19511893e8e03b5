"""Asked to stop before everything runs: what has started is ended on the way out, and that is no failure."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


class Leaving:
    """The handler of the signals that ask to stop, until the supervisor has its own.

    By itself it only notes them: an exception out of nowhere would cut off a program that was just started, which
    nobody would know of, or a line of a library that relies on being finished.
    """

    def __init__(self) -> None:
        self.asked = False
        self._wake: Callable[[], object] = _go_on

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        wake, self._wake = self._wake, _go_on  # once: whoever asks twice must not cut off the way out
        wake()

    def if_asked(self) -> None:
        """Raises SystemExit(0) where this process was asked to stop."""
        if self.asked:
            raise SystemExit(0)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """For waits that can be cut off anywhere."""
        with self._waking(self.if_asked):
            self.if_asked()
            yield

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """`asyncio.run`, cancelled where it waits once this process is asked to stop; then raises SystemExit(0)."""
        try:
            return asyncio.run(self._until_asked(work))
        except asyncio.CancelledError:
            self.if_asked()
            raise

    async def _until_asked(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        with self._waking(lambda: loop.call_soon_threadsafe(task.cancel)):
            if self.asked:
                task.cancel()
            return await task

    @contextmanager
    def _waking(self, wake: Callable[[], object]) -> Iterator[None]:
        self._wake = wake
        try:
            yield
        finally:
            self._wake = _go_on


def _go_on() -> None: ...
