"""Tracks made up from numbers, for tests of manifests that need no media."""

from octavo.kernel.media.packaging import Piece, Segment, Track, TrackIndex

TIMESCALE = 12_288


def an_index(seconds: list[float], sizes: list[int], *, start: float = 0.0, kind: str = "video") -> TrackIndex:
    segments, offset, time = [], 700, round(start * TIMESCALE)
    for length, size in zip(seconds, sizes, strict=True):
        segments.append(Segment(offset, size, time, round(length * TIMESCALE), size // 4))
        offset, time = offset + size, time + round(length * TIMESCALE)
    if kind == "audio":
        return TrackIndex(
            "audio", "mp4a.40.2", TIMESCALE, 600, "a1", tuple(segments), 100, channels=2, sample_rate=48_000
        )
    return TrackIndex("video", "avc1.64001e", TIMESCALE, 600, "v1", tuple(segments), 100, width=854, height=480)


def a_video_track(*pieces: TrackIndex, ended: bool, cap: int = 2_000_000) -> Track:
    files = tuple(Piece(f"480p/{n:04}.mp4", index) for n, index in enumerate(pieces))
    return Track("480p", files, cap, ended, frame_rate="24000/1001")


def an_audio_track(name: str = "audio-0", *, language: str = "en", label: str = "", default: bool = True) -> Track:
    index = an_index([4, 4], [64_000, 64_000], kind="audio")
    return Track(name, (Piece(f"{name}.mp4", index),), 176_000, True, language=language, label=label, default=default)
