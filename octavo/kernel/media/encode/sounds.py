"""Which renditions of its sound a film gets: every language in stereo, and its surround sound beside it if wanted."""

from typing import Literal

import msgspec

from octavo.kernel.film import AudioTrack, SourceInfo

# What television and disks carry, and what an fMP4 file holds as it is: encoding it again would only lose.
_KEPT_AS_THEY_ARE = ("ac3", "eac3")
# Bits per second at the busiest of AAC (128k, 384k), with the boxes around; of what is copied, the most that is usual.
_CAPS = {"stereo": 176_000, "surround": 528_000, "copy": 1_100_000}


class Sound(AudioTrack, frozen=True, omit_defaults=True):
    """One rendition to be made of an audio track.

    - stereo: AAC-LC with two channels, whatever the track has
    - surround: AAC-LC with 5.1 channels
    - copy: the track's own AC-3 or E-AC-3

    `loudness` is what it is brought to in LUFS; None leaves it as loud as it is. What is copied keeps its own note of
    how loud it is to be played.
    """

    form: Literal["stereo", "surround", "copy"] = "stereo"
    loudness: float | None = None

    @property
    def made_as(self) -> str:
        """The codec of the rendition."""
        return self.codec if self.form == "copy" else "aac"


def planned_sounds(source: SourceInfo, *, surround: bool = False, loudness: float | None = None) -> dict[str, Sound]:
    """By name, in the order of the manifest: players begin with stereo, which every one of them plays."""
    plan = {f"audio-{n}": sound_of(track, loudness=loudness) for n, track in enumerate(source.audio)}
    if surround:
        for n, track in enumerate(source.audio):
            if track.channels > 2:
                form: Literal["surround", "copy"] = "copy" if track.codec in _KEPT_AS_THEY_ARE else "surround"
                plan[f"surround-{n}"] = sound_of(track, form=form, loudness=None if form == "copy" else loudness)
    return plan


def sound_of(
    track: AudioTrack, *, form: Literal["stereo", "surround", "copy"] = "stereo", loudness: float | None = None
) -> Sound:
    return Sound(**msgspec.structs.asdict(track), form=form, loudness=loudness)


def sound_cap(sound: Sound) -> int:
    """Bits per second that no four seconds of the rendition exceed."""
    return _CAPS[sound.form]
