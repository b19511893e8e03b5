"""What a film is before anything is made of it: its picture, its sound, its length."""

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from octavo.kernel.film.languages import language_name


class FrameRate(Struct, frozen=True):
    """Frames per second as a ratio: 24000/1001 is not 23.976."""

    numerator: int
    denominator: int = 1

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}" if self.denominator != 1 else str(self.numerator)


class VideoTrack(Struct, frozen=True, omit_defaults=True):
    """The film's picture as a viewer sees it: `width` and `height` with rotation and pixel aspect applied.

    Outputs are named after its JSON too: what nobody knew of older films is not in it, and so they keep their names.
    """

    index: int  # stream index in the container
    codec: str
    width: int
    height: int
    frame_rate: FrameRate  # the constant rate of the film's frame grid
    variable_rate: bool
    start: float  # seconds, on the source's own clock, of the first frame shown
    rotation: int  # degrees clockwise that a player would turn the coded picture: 0, 90, 180, 270
    pixel_aspect: str  # "1:1", or "4:3" for anamorphic pixels
    bit_depth: int
    hdr: Literal["", "pq", "hlg"]
    interlaced: bool
    captions: bool | None = None  # closed captions inside of the picture (CTA-608, 708); None: nobody has looked


class AudioTrack(Struct, frozen=True):
    index: int
    codec: str
    language: str  # BCP 47, "und" when the source does not say
    title: str
    channels: int
    sample_rate: int
    start: float
    default: bool

    @property
    def label(self) -> str:
        """What a player's menu calls it: its own title, else its language, else nothing."""
        return self.title or language_name(self.language)


class TextTrack(Struct, frozen=True):
    """Subtitles inside of the film, as text and not as pictures of it."""

    index: int
    codec: str
    language: str  # BCP 47, "und" when the source does not say
    title: str
    forced: bool  # only what is not said in the viewer's language


class Chapter(Struct, frozen=True):
    start: float
    end: float
    title: str


class SourceInfo(Struct, frozen=True):
    """All that later steps need to know of an uploaded film. `duration` is in seconds from the first frame shown."""

    container: str  # ffmpeg's demuxer name, such as "mov", "matroska", "mpegts"
    duration: float
    size: int
    video: VideoTrack
    audio: tuple[AudioTrack, ...] = ()
    cuts: tuple[float, ...] = ()  # key frames about a chunk apart where the film may be cut, in seconds of the film
    chapters: tuple[Chapter, ...] = ()
    texts: tuple[TextTrack, ...] = ()


class Inspection(Struct, frozen=True):
    """The answer of the inspecting child process: a film, or the sentence that refuses it."""

    source: SourceInfo | None = None
    refusal: str = ""
