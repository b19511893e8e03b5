"""Destinations: callbacks in hand by the server they go to, so many at once to each, and none to one that is down."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from octavo.kernel.callbacks.rows import Delivery

FAILURES_TO_OPEN = 8
FIRST_REST, LONGEST_REST = 5.0, 60.0  # seconds


@dataclass(slots=True)
class _Server:
    waiting: deque[Delivery] = field(default_factory=deque)
    under_way: int = 0
    failures: int = 0
    rests_until: float = 0.0
    rest: float = FIRST_REST

    @property
    def is_open(self) -> bool:
        """The circuit breaker: after so many failures in a row the server rests, and is tried with one callback."""
        return self.failures >= FAILURES_TO_OPEN

    def room(self, most: int, now: float) -> int:
        if not self.is_open:
            return most - self.under_way
        return 0 if now < self.rests_until or self.under_way else 1


class Destinations:
    """Times are those of one clock that never goes back, in seconds."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._servers: dict[str, _Server] = {}

    def put(self, one: Delivery) -> None:
        self._servers.setdefault(one.destination, _Server()).waiting.append(one)

    def ready(self, now: float, most: int) -> Iterator[Delivery]:
        """Up to `most` that may begin now; they count as under way. Servers take turns."""
        found = True
        while found and most > 0:
            found = False
            for server in self._servers.values():
                if most > 0 and server.waiting and server.room(self._most, now) > 0:
                    server.under_way += 1
                    most, found = most - 1, True
                    yield server.waiting.popleft()

    def ended(self, destination: str, now: float, *, well: bool) -> float:
        """One is not under way any more. Seconds that the server rests from now on, or nought."""
        server = self._servers[destination]
        server.under_way -= 1
        if well:
            server.failures, server.rest = 0, FIRST_REST
            if not server.under_way and not server.waiting:
                del self._servers[destination]
            return 0.0
        server.failures += 1
        if not server.is_open or now < server.rests_until:  # others that were under way as well say nothing new
            return 0.0
        rest = server.rest
        server.rests_until = now + rest
        server.rest = min(rest * 2, LONGEST_REST)
        return rest

    def put_back(self, destination: str) -> list[Delivery]:
        """What waits for a server that rests, for others to have."""
        server = self._servers[destination]
        waiting = list(server.waiting)
        server.waiting.clear()
        return waiting

    def put_all_back(self) -> list[Delivery]:
        """All that waits here, for others to have."""
        return [one for destination in self._servers for one in self.put_back(destination)]

    def full(self, now: float) -> list[str]:
        """Where enough is in hand already."""
        return [name for name, server in self._servers.items() if server.room(self._most, now) <= len(server.waiting)]

    @property
    def resting(self) -> int:
        return sum(server.is_open for server in self._servers.values())
