"""Conversations as a handset shows them."""

from msgspec import Struct

from octavo.products.comms.carrier.simulated.rows import Line


class Thread(Struct, frozen=True):
    """All messages with one other number, oldest first."""

    peer: str
    lines: list[Line]

    @property
    def latest(self) -> Line:
        return self.lines[-1]


class Phone(Struct, frozen=True):
    """A handset in the list: what it is called and whether it is on the air."""

    number: str
    name: str
    online: bool
