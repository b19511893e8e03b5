"""Which further variants a film gets, and how each is encoded."""

from collections.abc import Sequence

from msgspec.structs import replace

from octavo.kernel.media.encode import Rung, SourceInfo
from octavo.settings.media import MediaSettings

# From so many lines on: what VMAF finds as good as x264's 23, or a little better.
AV1_CRF, AV1_PRESET = ((1080, 33), (720, 37), (0, 44)), "10"
VP9_CRF, VP9_PRESET = ((720, 33), (0, 36)), "5"
_RATE = 0.7  # of what H.264 may take at the most
# Ten bits and twice the light: what the same picture takes beside an ordinary one.
_BRIGHT_CRF, _BRIGHT_RATE = ((0, 32),), 1.0


def further_rungs(settings: MediaSettings, source: SourceInfo, rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The rungs of the H.264 ladder once more for each codec that is wanted, and in the light of the source."""
    found: list[Rung] = []
    for codec in dict.fromkeys(settings.further_codecs):
        found += [_as_av1(rung) if codec == "av1" else _as_vp9(rung) for rung in rungs]
    if settings.hdr and source.video.hdr:
        found += [_bright(rung, source.video.hdr) for rung in rungs]
    return tuple(found)


def _as_av1(rung: Rung) -> Rung:
    return _as(rung, "av1", AV1_CRF, AV1_PRESET, _RATE)


def _as_vp9(rung: Rung) -> Rung:
    return _as(rung, "vp9", VP9_CRF, VP9_PRESET, _RATE)


def _bright(rung: Rung, transfer: str) -> Rung:
    return replace(_as(rung, "av1", _BRIGHT_CRF, AV1_PRESET, _BRIGHT_RATE), hdr=transfer)


def _as(rung: Rung, codec: str, qualities: Sequence[tuple[int, int]], preset: str, share: float) -> Rung:
    crf = next(crf for lines, crf in qualities if rung.lines >= lines)
    rates = {"max_rate": round(rung.max_rate * share), "buffer": round(rung.buffer * share)}
    return replace(rung, codec=codec, crf=crf, preset=preset, profile="", level="", tools="", encoder="", **rates)
