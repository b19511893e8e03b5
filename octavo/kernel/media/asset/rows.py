"""An asset: one uploaded file, and how far it has come towards being playable."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

AssetId: TypeAlias = UUID
AssetState: TypeAlias = Literal["uploading", "uploaded", "probing", "playable", "complete", "failed", "deleted"]
ManifestForm: TypeAlias = Literal["growing", "whole"]
RenditionKind: TypeAlias = Literal["video", "audio"]
RenditionState: TypeAlias = Literal["waiting", "encoding", "encoded", "ready"]


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.asset. `size` is in bytes, `duration` in seconds; `failure` is a sentence for its owner."""

    asset_id: AssetId
    owner_id: UUID
    purpose: str
    filename: str
    state: AssetState
    failure: str
    generation: int
    size: int
    src_sha256: str
    source_key: str
    width: int
    height: int
    duration: float
    poster_key: str
    poster_etag: str
    manifest_version: int
    created_at: datetime
    changed_at: datetime
    encrypted: bool = False  # players need a key for it
    unfitted: bool = False  # its ladder is still to be fitted to it
    first_played_at: datetime | None = None  # while it was not complete: somebody waits for the rest of it


class RenditionProgress(msgspec.Struct, frozen=True):
    """How much of one rendition is encoded, from 0 to 1."""

    asset_id: AssetId
    rendition: str
    kind: RenditionKind
    codec: str
    width: int
    height: int
    state: RenditionState
    bytes: int
    progress: float


class Arrived(msgspec.Struct, frozen=True):
    """How much of an asset's file has come, from 0 to 1."""

    asset_id: AssetId
    share: float


class RenditionView(msgspec.Struct, frozen=True):
    """A rung of the ladder (`height` over 0) or a language of the sound, as people and programs see it."""

    name: str
    kind: RenditionKind
    codec: str
    width: int
    height: int
    state: RenditionState
    progress: float
    bytes: int


class AssetView(msgspec.Struct, frozen=True, kw_only=True):
    """An asset as its owner sees it; others learn no `filename`.

    `progress` is that of the upload while it lasts, and that of encoding afterwards. `hls_url` and `dash_url` are empty
    unless the viewer was granted playback.
    """

    id: AssetId
    owner_id: UUID
    filename: str
    state: AssetState
    failure: str
    size: int
    width: int
    height: int
    duration: float
    poster_url: str
    hls_url: str = ""
    dash_url: str = ""
    manifest_version: int
    progress: float
    renditions: list[RenditionView]
