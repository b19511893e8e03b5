"""The loop of a service: work until nothing is due, then sleep until something is, or somebody wakes it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from octavo.kernel.context import Engines
from octavo.kernel.refusals import Unavailable

log = logging.getLogger("octavo.comms")
LONGEST_SLEEP = 1.0  # seconds; a wake-up may be lost


async def repeat(
    engines: Engines,
    stopping: asyncio.Event,
    *,
    topic: str,
    turn: Callable[[], Awaitable[float]],
    name: str,
    apart: float = 0.0,
) -> None:
    """`turn` does all that is due, and gives the seconds until more is. What it raises is logged, and tried again.

    Turns begin at least `apart` seconds one after the other, so that under load each finds more to do at once.
    """
    ending = asyncio.create_task(stopping.wait())
    try:
        async with engines.signals.waiting(topic) as woken:
            while not stopping.is_set():
                woken.clear()
                began = time.monotonic()
                pause = await _turn(turn, name)
                waking = asyncio.create_task(woken.wait())
                await asyncio.wait({ending, waking}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                waking.cancel()
                if (rest := began + apart - time.monotonic()) > 0:
                    await asyncio.wait({ending}, timeout=rest)
    finally:
        ending.cancel()


async def _turn(turn: Callable[[], Awaitable[float]], name: str) -> float:
    try:
        return min(LONGEST_SLEEP, max(0.0, await turn()))
    except Unavailable as refusal:
        log.info("The %s waits for the database: %s", name, refusal)
    except Exception:
        log.exception("The %s failed, and tries again", name)
    return LONGEST_SLEEP
