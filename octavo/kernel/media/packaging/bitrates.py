"""The bit rates that manifests declare, computed from the true sizes of a track's segments."""

import math
from collections.abc import Iterator, Sequence

from octavo.kernel.media.packaging.rows import Segment, TextFile, Track

# Segments last about four seconds; a playlist that still grows must promise a length that no later segment exceeds.
LONGEST_SEGMENT = 6


def segments_of(track: Track) -> list[Segment]:
    return [segment for piece in track.pieces for segment in piece.index.segments]


def target_duration(track: Track) -> int:
    """EXT-X-TARGETDURATION: a constant while the playlist grows, since it may not change (RFC 8216, 6.2.1)."""
    timescale = track.pieces[0].index.timescale
    longest = max(math.floor(segment.duration / timescale + 0.5) for segment in segments_of(track))
    return max(1, longest) if track.whole else max(LONGEST_SEGMENT, longest)


def average_rate(track: Track, *, key_frames: bool = False) -> int:
    """Bits per second over the whole track."""
    segments = segments_of(track)
    seconds = sum(segment.duration for segment in segments) / track.pieces[0].index.timescale
    return math.ceil(sum(_size(segment, key_frames) for segment in segments) * 8 / seconds)


def peak_rate(track: Track, *, key_frames: bool = False) -> int:
    """The largest bit rate of any run of segments that lasts 0.5 to 1.5 target durations (RFC 8216, 4.3.4.2)."""
    timescale = track.pieces[0].index.timescale
    target = target_duration(track) * timescale
    rates = [bytes_ * 8 * timescale / ticks for bytes_, ticks in _runs(segments_of(track), target, key_frames)]
    return max(math.ceil(max(rates, default=0)), average_rate(track, key_frames=key_frames))


def text_rate(texts: Sequence[TextFile]) -> int:
    """Of the dearest of the subtitles, of which a player shows one at a time; each is a single segment."""
    return max((math.ceil(text.bytes * 8 / max(text.seconds, 1)) for text in texts), default=0)


def declared_rate(track: Track) -> int:
    """The true peak of a finished track; the cap of its rate control while it grows."""
    return peak_rate(track) if track.whole else max(track.cap, peak_rate(track))


def _runs(segments: list[Segment], target: int, key_frames: bool) -> Iterator[tuple[int, int]]:
    for first in range(len(segments)):
        size = ticks = 0
        for segment in segments[first:]:
            size, ticks = size + _size(segment, key_frames), ticks + segment.duration
            if ticks * 2 > target * 3:
                break
            if ticks * 2 >= target:
                yield size, ticks


def _size(segment: Segment, key_frames: bool) -> int:
    return segment.key_frame_length if key_frames else segment.length
