"""What is to be thrown away, and the arguments of the jobs that do it."""

from typing import Literal, TypeAlias

import msgspec

from octavo.kernel.media.asset.rows import AssetId

FileKind: TypeAlias = Literal["source", "poster", "track", "chunk", "export", "subtitle", "storyboard"]


class RemoveFiles(msgspec.Struct, frozen=True):
    """Everything of a deleted asset."""

    asset_id: AssetId


class CollectChunks(msgspec.Struct, frozen=True):
    """The chunks of a complete asset that no manifest needs any more."""

    asset_id: AssetId


class Sweep(msgspec.Struct, frozen=True):
    """Whatever no row knows."""


class SpareChunk(msgspec.Struct, frozen=True):
    rendition: str
    n: int
    key: str


class ReplacedRendition(msgspec.Struct, frozen=True):
    rendition: str
    key: str


class NamedFile(msgspec.Struct, frozen=True):
    """A file that a row names. `size` is None where the row does not say; `name` tells files of one kind apart."""

    asset_id: AssetId
    kind: FileKind
    name: str
    key: str
    size: int | None
    sha256: str
