"""Lines: callbacks in hand by whose they are and the server they go to, so many at once, and none to one that is down.

An account's line is its own: what its server answers says nothing of others who have the same host.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from octavo.kernel.callbacks.rows import Delivery

FAILURES_TO_OPEN = 8
FIRST_REST, LONGEST_REST = 5.0, 60.0  # seconds
REMEMBERED = 300.0  # seconds that failures count for; a line that nothing went over for so long begins anew


class Line(NamedTuple):
    """From one owner to one server."""

    owner_id: UUID
    destination: str


def line_of(one: Delivery) -> Line:
    return Line(one.owner_id, one.destination)


@dataclass(slots=True)
class _Standing:
    waiting: deque[Delivery] = field(default_factory=deque)
    under_way: int = 0
    failures: int = 0
    rests_for: float = 0.0
    rests_until: float = 0.0
    next_rest: float = FIRST_REST
    used_at: float = 0.0

    @property
    def is_open(self) -> bool:
        """The circuit breaker: after so many failures in a row the server rests, and is tried with one callback."""
        return self.failures >= FAILURES_TO_OPEN

    @property
    def is_idle(self) -> bool:
        return not self.under_way and not self.waiting

    def room(self, most: int, now: float) -> int:
        if not self.is_open:
            return most - self.under_way
        return 0 if now < self.rests_until or self.under_way else 1


class Destinations:
    """Times are those of one clock that never goes back, in seconds."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: dict[Line, _Standing] = {}

    def put(self, one: Delivery) -> None:
        self._lines.setdefault(line_of(one), _Standing()).waiting.append(one)

    def ready(self, now: float, most: int) -> Iterator[Delivery]:
        """Up to `most` that may begin now; they count as under way. Lines take turns."""
        found = True
        while found and most > 0:
            found = False
            for standing in self._lines.values():
                if most > 0 and standing.waiting and standing.room(self._most, now) > 0:
                    standing.under_way += 1
                    most, found = most - 1, True
                    yield standing.waiting.popleft()

    def ended(self, line: Line, now: float, *, well: bool, wait: float = 0.0) -> float:
        """One is not under way any more. Seconds that the server rests from now on, or nought.

        `wait` is what a server that is well no longer asked for itself: it rests as long, at once.
        """
        standing = self._lines[line]
        standing.under_way -= 1
        standing.used_at = now
        if well:
            standing.failures, standing.next_rest = 0, FIRST_REST
            if standing.is_idle:
                del self._lines[line]
            return 0.0
        standing.failures = max(standing.failures + 1, FAILURES_TO_OPEN if wait else 0)
        # Others that were under way as well say nothing new.
        if not standing.is_open or (now < standing.rests_until and wait <= standing.rests_for):
            return 0.0
        standing.rests_for = wait or standing.next_rest
        standing.rests_until = now + standing.rests_for
        if not wait:
            standing.next_rest = min(standing.next_rest * 2, LONGEST_REST)
        return standing.rests_for

    def put_back(self, line: Line) -> list[Delivery]:
        """What waits for a server that rests, for others to have."""
        standing = self._lines[line]
        waiting = list(standing.waiting)
        standing.waiting.clear()
        return waiting

    def put_all_back(self) -> list[Delivery]:
        """All that waits here, for others to have."""
        return [one for line in self._lines for one in self.put_back(line)]

    def full(self, now: float) -> list[Line]:
        """Where enough is in hand already."""
        return [line for line, one in self._lines.items() if one.room(self._most, now) <= len(one.waiting)]

    def forget(self, now: float) -> None:
        """Lines that failed once and that nobody uses any more."""
        old = [
            line
            for line, one in self._lines.items()
            if one.is_idle and max(one.used_at, one.rests_until) + REMEMBERED < now
        ]
        for line in old:
            del self._lines[line]

    @property
    def resting(self) -> int:
        return sum(one.is_open for one in self._lines.values())
