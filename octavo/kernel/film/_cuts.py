"""Finds key frames about a chunk apart by seeking, so that a film of an hour costs sixty seeks and not a full read."""

import itertools
import math
from collections.abc import Iterator
from contextlib import suppress

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from octavo.kernel.film._tracks import time_base

FIRST_CHUNK = 8.0  # seconds: what a viewer waits for
SECOND_CHUNK = 20.0  # and what is there before the first has been watched
CHUNK = 60.0
_SHORTEST_END = 2.0  # seconds: no chunk of its own for less
_MOST_CUTS = 5_000  # more than three days of film


def find_cuts(container: InputContainer, stream: VideoStream, *, start: float, duration: float) -> tuple[float, ...]:
    """Times of key frames, in seconds of the film, that divide it into two short chunks and then even ones.

    A chunk whose part of the film holds no key frame grows into the next; a source with a single key frame stays whole.
    """
    cuts: list[float] = []
    last = target = 0.0
    for length, _ in zip(_lengths(duration), range(_MOST_CUTS), strict=False):
        target = max(target, last) + length
        if target > duration - _SHORTEST_END:
            break
        found = _key_frame_near(container, stream, start + target, after=start + last + length / 2)
        if found is not None and last < found - start < duration - _SHORTEST_END:
            last = round(found - start, 6)
            cuts.append(last)
    return tuple(cuts)


def _lengths(duration: float) -> Iterator[float]:
    """How long the chunks should be: what is left after the short ones falls into equal parts of at most a minute."""
    yield FIRST_CHUNK
    yield SECOND_CHUNK
    rest = max(CHUNK, duration - FIRST_CHUNK - SECOND_CHUNK)
    yield from itertools.repeat(rest / math.ceil(rest / CHUNK))


def _key_frame_near(container: InputContainer, stream: VideoStream, time: float, *, after: float) -> float | None:
    """The key frame at or before `time` when it does not lie before `after`, else the next one."""
    for backward in (True, False):
        found = _key_frame_by_seek(container, stream, time, backward=backward)
        if found is not None and found >= after:
            return found
    return None


def _key_frame_by_seek(container: InputContainer, stream: VideoStream, time: float, *, backward: bool) -> float | None:
    """The first key frame from where a seek lands: with an index on one, without an index somewhere near."""
    base = time_base(stream)
    with suppress(av.error.FFmpegError):
        container.seek(int(time / base), stream=stream, backward=backward)
        for packet in container.demux(stream):
            shown = None if packet.pts is None else float(packet.pts * base)
            if shown is None or shown > time + CHUNK:
                break
            if packet.is_keyframe and not packet.is_discard:
                return shown
    return None
