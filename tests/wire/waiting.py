"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T | None], seconds: float = 60.0) -> T:
    """What `look` finds, as soon as it finds something."""
    give_up = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < give_up, f"nothing came within {seconds:g} seconds"
        time.sleep(0.1)
    return found
