"""What processing knows: the arguments of its jobs, and an asset's renditions and chunks as a graph of work."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from octavo.kernel.media.asset.rows import Asset, AssetId, ManifestForm, RenditionKind, RenditionState
from octavo.kernel.media.encode import ChunkSpan, Rung, Sound, SourceInfo
from octavo.kernel.media.packaging.rows import TrackIndex

ChunkState: TypeAlias = Literal["waiting", "queued", "ready"]


class ProbeSource(msgspec.Struct, frozen=True):
    asset_id: AssetId


class FitLadder(msgspec.Struct, frozen=True):
    asset_id: AssetId


class MakePoster(msgspec.Struct, frozen=True):
    asset_id: AssetId


class ExtractTexts(msgspec.Struct, frozen=True):
    """`names` are subtitles that are to be made again; none: all that the source has."""

    asset_id: AssetId
    names: tuple[str, ...] = ()


class MakeStoryboard(msgspec.Struct, frozen=True):
    asset_id: AssetId


class EncodeAudio(msgspec.Struct, frozen=True):
    asset_id: AssetId
    rendition: str


class EncodeChunk(msgspec.Struct, frozen=True):
    """Chunk `n` of several renditions at once: one ffmpeg decodes the source once for all of them."""

    asset_id: AssetId
    n: int
    renditions: tuple[str, ...]


class JoinTrack(msgspec.Struct, frozen=True):
    asset_id: AssetId
    rendition: str


class FailAbandoned(msgspec.Struct, frozen=True):
    """Nothing to say: the sweep looks for itself."""


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.rendition without its index.

    `position` 0 is the rung that is encoded first. Below 0 are those that a newer encoding of the film replaces: they
    stay for who plays an older manifest version.
    """

    rendition: str
    kind: RenditionKind
    position: int
    state: RenditionState
    published: bool = True  # in the newest version of the manifest
    surround: bool = False  # there is the same in stereo, so nobody waits for it


class Chunk(msgspec.Struct, frozen=True):
    """One row of media.chunk without its index; `starts` and `ends` are in seconds of the film."""

    rendition: str
    n: int
    state: ChunkState
    starts: float
    ends: float


class Graph(msgspec.Struct, frozen=True):
    """All the work of one asset and how far it is, read under the asset's lock."""

    asset: Asset
    renditions: tuple[Rendition, ...]
    chunks: tuple[Chunk, ...]


class Steps(msgspec.Struct, frozen=True):
    """What follows from a graph: rows to change and jobs to enqueue, all in one transaction."""

    publish: ManifestForm | None = None
    encode_first_rung: tuple[EncodeChunk, ...] = ()
    encode_others: tuple[EncodeChunk, ...] = ()
    join: tuple[JoinTrack, ...] = ()


class RungPlan(msgspec.Struct, frozen=True):
    """A rendition of the picture and how it is encoded."""

    rendition: str
    parameters: Rung


class ChunkPlan(msgspec.Struct, frozen=True):
    """What encoding one chunk of one rendition needs."""

    rendition: str
    parameters: Rung
    span: ChunkSpan
    state: ChunkState
    key_id: UUID | None = None  # what the file is to be encrypted under


class AudioPlan(msgspec.Struct, frozen=True):
    rendition: str
    parameters: Sound
    state: RenditionState
    key_id: UUID | None = None


class SourceFile(msgspec.Struct, frozen=True):
    """The uploaded file, as every step of the work needs it. `source` is None until it is probed."""

    asset_id: AssetId
    state: str
    generation: int
    src_sha256: str
    source_key: str
    source: SourceInfo | None


class StoredChunk(msgspec.Struct, frozen=True):
    """A chunk in the store, with the index that playlists are made of."""

    rendition: str
    n: int
    key: str
    sha256: str
    bytes: int
    starts: float
    ends: float
    track_index: TrackIndex


class Manifest(msgspec.Struct, frozen=True):
    """One row of media.manifest: what players of this version were told."""

    asset_id: AssetId
    version: int
    generation: int
    form: ManifestForm
    renditions: list[str]
    published_at: datetime
    retires_at: datetime | None
