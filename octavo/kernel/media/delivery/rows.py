"""What delivery hands out: addresses for a viewer, and the manifests and files behind them."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from octavo.kernel.media.asset.rows import AssetState, ManifestForm, RenditionKind, RenditionState
from octavo.kernel.media.encode import Rung, Sound, SourceInfo
from octavo.kernel.media.export.rows import ExportForm
from octavo.kernel.media.packaging import TrackIndex


class Playback(msgspec.Struct, frozen=True, kw_only=True):
    """Where one viewer plays an asset. `dash_url` is empty while the film still grows.

    `licence_url` is where a player gets the keys of an encrypted film (clear key), and empty for others.
    """

    hls_url: str
    dash_url: str
    licence_url: str = ""
    poster_url: str
    version: int
    expires_at: datetime


DownloadForm: TypeAlias = ExportForm | Literal["source"]


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A file that one viewer may keep: the one that was uploaded, or one that is made of it once somebody asks.

    `lines` is its height, `progress` goes from 0 to 1; `url` is empty until it is ready.
    """

    name: str
    form: DownloadForm
    lines: int
    content_type: str
    state: Literal["offered", "waiting", "ready", "failed"]
    failure: str = ""
    progress: float = 0.0
    bytes: int = 0
    url: str = ""


class Downloads(msgspec.Struct, frozen=True):
    """The files of a film, the uploaded one first; their addresses work until `expires_at`."""

    files: list[Download]
    expires_at: datetime


class PlaybackKey(msgspec.Struct, frozen=True):
    """A secret that signs addresses; `id` tells which one did."""

    id: str
    secret: bytes


class Presentation(msgspec.Struct, frozen=True):
    """One manifest version of an asset, and how far it has grown: everything that its playlists depend on."""

    asset_id: UUID
    version: int
    form: ManifestForm
    renditions: list[str]
    state: AssetState
    source: SourceInfo
    pieces: int
    encoded: int
    texts: str  # which subtitles there are
    boards: int  # 1 once it has a storyboard

    @property
    def grown(self) -> str:
        """Equal as long as its playlists are."""
        return f"{self.pieces}.{self.encoded}.{self.state}.{self.boards}.{self.texts}"


class DeliveredRendition(msgspec.Struct, frozen=True):
    """A rendition of a presentation. `parameters` is a Rung or a Sound, by `kind`."""

    rendition: str
    kind: RenditionKind
    state: RenditionState
    parameters: dict[str, object]
    track_index: TrackIndex | None
    key_id: UUID | None = None

    @property
    def rung(self) -> Rung:
        return msgspec.convert(self.parameters, Rung)

    @property
    def sound(self) -> Sound:
        return msgspec.convert(self.parameters, Sound)


class MediaFile(msgspec.Struct, frozen=True):
    """A stored file that players may ask for. `filename` is what its uploader called it."""

    key: str
    sha256: str
    filename: str = ""
