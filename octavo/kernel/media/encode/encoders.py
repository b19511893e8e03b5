"""How each codec is encoded: equal pictures give equal bytes, and all pieces of a rung have one header."""

from collections.abc import Callable

from octavo.kernel.film import FrameRate
from octavo.kernel.media.encode.hardware import hardware_options
from octavo.kernel.media.encode.rows import ChunkSpan, Rung

# Fragments of one closed group of pictures each; neither index nor trailer repeats what our own index holds. The late
# moov carries an edit list for the delay of B-frames: browsers and ffmpeg agree on it, while ffmpeg reads the negative
# composition offsets that would do without as a late start.
_FRAGMENTED = "+cmaf+frag_keyframe+empty_moov+default_base_moof+delay_moov+skip_sidx+skip_trailer"
# One thread and no build stamps: the bytes depend on nothing but the input.
_REPEATABLE = ["-threads", "1", "-flags:v", "+bitexact", "-fflags", "+bitexact"]
_SMALLEST_TIMESCALE = 10_000  # ticks a second, so that rounding to ticks never shows
_REORDERED = 2  # frames that x264 holds back for its B-frames


def encoder_options(rung: Rung, span: ChunkSpan, rate: FrameRate) -> list[str]:
    """All of an output but its name: one fragmented MP4 of the rung, a fragment per segment."""
    encoder = hardware_options if rung.encoder else _ENCODERS[rung.codec]
    options = ["-c:v", *encoder(rung, span.segment_frames)]
    options += ["-maxrate", str(rung.max_rate), "-bufsize", str(rung.buffer), "-fps_mode", "passthrough", *_REPEATABLE]
    options += ["-map_metadata", "-1", "-map_chapters", "-1", "-video_track_timescale", str(grid_timescale(rate))]
    return [*options, "-movflags", _FRAGMENTED, "-f", "mp4"]


def reordered_frames(rung: Rung) -> int:
    """How many frames later than it is decoded a picture is shown, at the most."""
    return _REORDERED if rung.codec == "h264" and not rung.encoder else 0


def grid_timescale(rate: FrameRate) -> int:
    """Ticks a second for a frame grid: every frame begins on a whole tick."""
    timescale = rate.numerator
    while timescale < _SMALLEST_TIMESCALE:
        timescale *= 2
    return timescale


def _x264(rung: Rung, group: int) -> list[str]:
    options = ["libx264", "-preset", rung.preset, "-profile:v", rung.profile, "-level:v", rung.level]
    options += ["-crf", f"{rung.crf:g}", "-g", str(group), "-keyint_min", str(group), "-sc_threshold", "0"]
    return [*options, *(["-x264-params", rung.tools] if rung.tools else [])]


def _svt_av1(rung: Rung, group: int) -> list[str]:
    """Closed groups of pictures at fixed places; one worker, so that nothing depends on which is the faster."""
    options = ["libsvtav1", "-preset", rung.preset, "-crf", f"{rung.crf:g}", "-g", str(group)]
    options += ["-svtav1-params", "lp=1:scd=0:irefresh-type=2"]
    return [*options, "-pix_fmt", "yuv420p10le", *_BRIGHT[rung.hdr]] if rung.hdr else options


def _vp9(rung: Rung, group: int) -> list[str]:
    options = ["libvpx-vp9", "-deadline", "good", "-cpu-used", rung.preset, "-crf", f"{rung.crf:g}"]
    # Constrained quality: the rate is the one that may not be passed.
    return [*options, "-b:v", str(rung.max_rate), "-g", str(group), "-keyint_min", str(group), "-row-mt", "0"]


_BT2020 = ["-color_primaries", "bt2020", "-colorspace", "bt2020nc", "-color_range", "tv"]
_BRIGHT = {"pq": [*_BT2020, "-color_trc", "smpte2084"], "hlg": [*_BT2020, "-color_trc", "arib-std-b67"]}
_ENCODERS: dict[str, Callable[[Rung, int], list[str]]] = {"h264": _x264, "av1": _svt_av1, "vp9": _vp9}
