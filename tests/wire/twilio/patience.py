"""Waiting for what happens by itself."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T | None], seconds: float = 60.0) -> T:
    """What `look` sees, once it sees something."""
    deadline = time.monotonic() + seconds
    while (seen := look()) is None or seen is False:
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
    return seen
