"""How many steps of each queue one machine works on at a time: as the settings say, else as its processors allow."""

import math
import os

from octavo.settings.media import MediaSettings

PROCESSORS_PER_CHUNK = 1.5  # what ffmpeg keeps busy while it encodes all rungs of a chunk


def steps_at_a_time(settings: MediaSettings) -> dict[str, int]:
    """By queue. Steps of `bulk` run at idle priority: however many there are, they hold up nobody who waits."""
    return {
        "live": settings.live_at_a_time or 4,
        "first": settings.first_at_a_time or 2,
        "bulk": settings.bulk_at_a_time or math.ceil(_processors() / PROCESSORS_PER_CHUNK),
    }


def _processors() -> int:
    """Those that this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
