"""Plans the chunks of a film on its frame grid, and names what each of them will contain."""

import hashlib
import math

import msgspec

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.encode.ffmpeg import ffmpeg_build
from octavo.kernel.media.encode.rows import ChunkSpan, Rung
from octavo.kernel.media.encode.sounds import Sound

SEGMENT = 4.0  # seconds: one segment, one closed group of pictures
FIRST_SEGMENT = 1.0  # in a short first chunk: the sooner a player has one, the sooner it shows a picture
_SHORT = 16.0  # seconds of such a chunk: more key frames cost bits
_SHORTEST_GROUP = 4  # frames: below, x264 uses fewer B-frames and writes another initialisation segment
# Raise when the way of encoding changes, so that outputs made before and after are never taken for one another.
_REVISION = 2


def plan_chunks(source: SourceInfo) -> tuple[ChunkSpan, ...]:
    """The film as chunks that begin at its own key frames: a first short one, then about a minute each.

    Together they hold every frame of the grid once. Within a chunk the segments are even, so that none is a sliver.
    """
    rate = source.video.frame_rate.fraction
    starts, seeks = [0], [0.0]
    for cut in source.cuts:
        frame = round(cut * rate)
        if frame > starts[-1]:
            starts.append(frame)
            seeks.append(cut)
    end = max(starts[-1] + 1, round(source.duration * rate))
    spans = []
    for n, first in enumerate(starts):
        following = starts[n + 1] if n + 1 < len(starts) else None
        is_quick = n == 0 and (following or end) <= _SHORT * rate
        spans.append(
            ChunkSpan(
                n=n,
                first_frame=first,
                frames=None if following is None else following - first,
                segment_frames=_segment_frames(
                    (following or end) - first, float(rate), FIRST_SEGMENT if is_quick else SEGMENT
                ),
                seek=round(source.video.start + seeks[n], 6),
                start=float(first / rate),
                end=float((following or end) / rate),
            )
        )
    return tuple(spans)


def chunk_key(source_sha256: str, span: ChunkSpan, rung: Rung, source: SourceInfo) -> str:
    """The name of an output: equal keys mean equal bytes, whoever encoded them and how often."""
    return _key("video", source_sha256, span, rung, source.video)


def audio_key(source_sha256: str, sound: Sound, source: SourceInfo) -> str:
    return _key("audio", source_sha256, sound, source.video.start)


def _key(*parts: object) -> str:
    text = msgspec.json.encode([_REVISION, ffmpeg_build(), *parts])
    return hashlib.sha256(text).hexdigest()[:32]


def _segment_frames(frames: int, rate: float, seconds: float) -> int:
    """Frames per segment: the chunk in equal parts of about so many seconds, at most half as many again.

    A short chunk may turn out longer than its header says, so its one part is not made shorter than others.
    """
    parts = max(1, round(frames / (rate * seconds)))
    even = math.ceil(frames / parts)
    return max(_SHORTEST_GROUP, even if parts > 1 else max(even, round(rate * seconds)))
