"""Destinations: how many callbacks are under way to each, and which of them are left in peace for a while."""

from dataclasses import dataclass

FAILURES_TO_OPEN = 8
FIRST_REST, LONGEST_REST = 5.0, 60.0


@dataclass(slots=True)
class _State:
    under_way: int = 0
    failures: int = 0
    closed_until: float = 0.0
    rest: float = FIRST_REST


class Destinations:
    """A server that fails again and again is left alone, and then tried with one callback before it gets the rest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._states: dict[str, _State] = {}

    def room(self, destination: str, now: float) -> int:
        """How many more callbacks may go there now."""
        state = self._states.get(destination)
        if state is None:
            return self._most
        if state.failures >= FAILURES_TO_OPEN:
            return 0 if now < state.closed_until or state.under_way else 1
        return self._most - state.under_way

    def full(self, now: float) -> list[str]:
        """Where nothing may go now."""
        return [destination for destination in self._states if self.room(destination, now) <= 0]

    def begin(self, destination: str) -> None:
        self._states.setdefault(destination, _State()).under_way += 1

    def end(self, destination: str, now: float, *, well: bool) -> None:
        state = self._states[destination]
        state.under_way -= 1
        if well:
            state.failures, state.rest = 0, FIRST_REST
            if not state.under_way:
                del self._states[destination]
            return
        state.failures += 1
        if state.failures >= FAILURES_TO_OPEN:
            state.closed_until = now + state.rest
            state.rest = min(state.rest * 2, LONGEST_REST)

    def next_opening(self, now: float) -> float:
        """Seconds until a destination may be tried again; a minute where none rests."""
        waits = [state.closed_until - now for state in self._states.values() if state.failures >= FAILURES_TO_OPEN]
        return max(0.0, min(waits, default=LONGEST_REST))
