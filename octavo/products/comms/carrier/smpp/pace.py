"""How fast a line may send: so many in a second, and not at all for a while after the carrier said to slow down."""

import asyncio

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds


class Pace:
    """Each `turn` waits for its own moment. A throttled line pauses twice as long each time, until it gets through."""

    def __init__(self, rate: float) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._free_at = 0.0
        self._pause = self._paused_until = 0.0

    async def turn(self, deadline: float) -> bool:
        """Waits for the next free moment; False at once where that is after `deadline` (of the loop's clock)."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at)
        if at > deadline:
            return False
        self._free_at = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)
        return True

    def throttled(self) -> None:
        """The carrier said to slow down. Answers to what was sent before its first such answer count once."""
        now = asyncio.get_running_loop().time()
        if now >= self._paused_until:
            self._pause = min(max(FIRST_PAUSE, self._pause * 2), LONGEST_PAUSE)
            self._paused_until = now + self._pause
            self._free_at = max(self._free_at, self._paused_until)

    def went_through(self) -> None:
        if not self.pause_left:
            self._pause = 0.0

    @property
    def pause_left(self) -> float:
        """Seconds for which nothing may go out, because the carrier said so."""
        return max(0.0, self._paused_until - asyncio.get_running_loop().time())
