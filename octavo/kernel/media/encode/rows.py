"""What the encoder plans to make of a film, and what it has made: ladder rungs, chunk spans and outputs."""

from pathlib import Path

from msgspec import Struct

from octavo.kernel.media.packaging.rows import TrackIndex


class Rung(Struct, frozen=True):
    """One quality of the ladder. `lines` is what people call it (480 for 480p), also where the picture is not 16:9."""

    lines: int
    width: int
    height: int
    crf: float
    max_rate: int  # bits per second that the rate control may not exceed
    buffer: int  # bits: the decoder buffer behind `max_rate`
    level: str  # H.264 level, such as "3.1"
    codec: str = "h264"
    preset: str = "veryfast"
    profile: str = "high"
    tools: str = ""  # further options of the encoder
    encoder: str = ""  # the kind of hardware that encodes; none: software
    hdr: str = ""  # how bright pictures are told apart, "pq" or "hlg"; none: as ordinary screens show them

    @property
    def name(self) -> str:
        return f"{self.lines}p" if self.form == "h264" else f"{self.lines}p-{self.form}"

    @property
    def form(self) -> str:
        """What players choose by first: rungs of different forms are never mixed."""
        return f"{self.codec}-hdr" if self.hdr else self.codec


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
