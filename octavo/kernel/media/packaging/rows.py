"""What packaging knows of a track: an index of its fragments, the files it lies in, its place in a presentation."""

from typing import Literal
from uuid import UUID

from msgspec import Struct


class ContentKey(Struct, frozen=True):
    """What the files of a film are encrypted under: 16 secret bytes, and the id that files and players know it by."""

    id: UUID
    secret: bytes


class Segment(Struct, frozen=True, array_like=True):
    """One movie fragment (moof and mdat) of a file: offsets and lengths in bytes, times in the track's timescale."""

    offset: int
    length: int
    decode_time: int
    duration: int
    key_frame_length: int  # bytes from `offset` to the end of the first sample: what an I-frame playlist asks for


class TrackIndex(Struct, frozen=True):
    """Everything that playlists need to know of one fragmented MP4 file: it is never read again for them."""

    kind: Literal["video", "audio"]
    codec: str  # RFC 6381, such as "avc1.64001f" or "mp4a.40.2"
    timescale: int
    init_length: int
    init_sha256: str
    segments: tuple[Segment, ...]
    sidx_length: int = 0  # bytes of the segment index right behind the initialisation segment; joined tracks have one
    width: int = 0
    height: int = 0
    channels: int = 0
    sample_rate: int = 0

    @property
    def start(self) -> float:
        return self.segments[0].decode_time / self.timescale

    @property
    def duration(self) -> float:
        return sum(segment.duration for segment in self.segments) / self.timescale

    @property
    def size(self) -> int:
        return self.init_length + self.sidx_length + sum(segment.length for segment in self.segments)


class Piece(Struct, frozen=True):
    """A file of a track and where a player finds it, relative to the manifest: a chunk, or the whole joined track."""

    uri: str
    index: TrackIndex


class Track(Struct, frozen=True):
    """One rendition of picture or sound. `ended` is false while more pieces will come.

    `name` is the stem of its playlist ("480p" is "480p.m3u8"). `cap` is the bit rate in bits per second that no
    stretch of it will exceed, declared while the true peak is not known yet.
    """

    name: str
    pieces: tuple[Piece, ...]
    cap: int
    ended: bool
    frame_rate: str = ""  # video: "24000/1001"
    language: str = "und"  # audio
    label: str = ""  # audio: what a player's menu shows
    default: bool = False  # audio
    beside: str = ""  # surround sound: the name of the track with the same in stereo
    video_range: Literal["", "PQ", "HLG"] = ""  # of a picture brighter than ordinary screens show
    captions: bool | None = None  # video: closed captions inside of the picture; None: nobody knows
    key_id: UUID | None = None  # what its files are encrypted under
    grows: bool = False  # of a version published piece by piece: an EVENT stays one, also when a single piece was all

    @property
    def whole(self) -> bool:
        """One finished file, whose every figure is known."""
        return self.ended and len(self.pieces) == 1 and not self.grows

    @property
    def kind(self) -> Literal["video", "audio"]:
        return self.pieces[0].index.kind

    @property
    def form(self) -> str:
        """Codec and light of a picture: between forms players do not change."""
        return self.pieces[0].index.codec.partition(".")[0] + self.video_range

    @property
    def playlist_uri(self) -> str:
        return f"{self.name}.m3u8"

    @property
    def key_frame_playlist_uri(self) -> str:
        return f"{self.name}-keyframes.m3u8"


class TextFile(Struct, frozen=True):
    """Subtitles in one WebVTT file, `name`.vtt; `seconds` is the length of the film that they belong to."""

    name: str
    language: str
    label: str
    seconds: float
    bytes: int
    forced: bool = False  # shown even to those who want no subtitles

    @property
    def uri(self) -> str:
        return f"{self.name}.vtt"

    def part_uri(self, start: int, end: int) -> str:
        """What is shown between two moments, in milliseconds of the film."""
        return f"{self.name}/{start}-{end}.vtt"

    @property
    def playlist_uri(self) -> str:
        return f"{self.name}.m3u8"
