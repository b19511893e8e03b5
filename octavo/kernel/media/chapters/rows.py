"""A chapter as the room keeps it."""

import msgspec


class Chapter(msgspec.Struct, frozen=True):
    """One row of media.chapter. It lasts until the next one begins; `start_ms` is in milliseconds of the film."""

    start_ms: int
    title: str

    @property
    def start(self) -> float:
        """Seconds."""
        return self.start_ms / 1000
