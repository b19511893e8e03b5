"""What the encoder knows of a source and plans to make of it: probe results, ladder rungs, chunk spans and outputs."""

from fractions import Fraction
from pathlib import Path
from typing import Literal

from msgspec import Struct

from octavo.kernel.media.packaging.rows import TrackIndex


class FrameRate(Struct, frozen=True):
    """Frames per second as a ratio: 24000/1001 is not 23.976."""

    numerator: int
    denominator: int = 1

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}" if self.denominator != 1 else str(self.numerator)


class VideoTrack(Struct, frozen=True):
    """The film's picture as a viewer sees it: `width` and `height` with rotation and pixel aspect applied."""

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


class AudioTrack(Struct, frozen=True):
    index: int
    codec: str
    language: str  # BCP 47, "und" when the source does not say
    title: str
    channels: int
    sample_rate: int
    start: float
    default: bool


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


class Inspection(Struct, frozen=True):
    """The answer of the inspecting child process: a film, or the sentence that refuses it."""

    source: SourceInfo | None = None
    refusal: str = ""


class Rung(Struct, frozen=True):
    """One quality of the ladder. `lines` is what people call it (480 for 480p), also where the picture is not 16:9."""

    lines: int
    width: int
    height: int
    crf: int
    max_rate: int  # bits per second that the rate control may not exceed
    buffer: int  # bits: the decoder buffer behind `max_rate`
    level: str  # H.264 level, such as "3.1"
    codec: str = "h264"
    preset: str = "veryfast"
    profile: str = "high"

    @property
    def name(self) -> str:
        return f"{self.lines}p"


class ChunkSpan(Struct, frozen=True):
    """A part of the film on its frame grid: frame n is shown at n / frame_rate. The last chunk runs to the end."""

    n: int
    first_frame: int
    frames: int | None  # None: to the end of the film
    segment_frames: int  # one segment and one closed GOP; only a chunk's last segment may be shorter
    seek: float  # on the source's own clock: the key frame that the chunk begins with
    start: float  # seconds of the film, for progress and for people
    end: float


class EncodedChunk(Struct, frozen=True):
    """One published-ready fragmented MP4: decode times are already those of the whole film."""

    path: Path
    index: TrackIndex


class AudioPiece(Struct, frozen=True):
    """The next finished stretch of an audio track, a fragmented MP4 with the film's decode times."""

    n: int
    path: Path
    index: TrackIndex


class Poster(Struct, frozen=True):
    path: Path  # JPEG
    width: int
    height: int
    at: float  # seconds into the film
    colours: tuple[str, ...]  # dominant first, as #rrggbb
