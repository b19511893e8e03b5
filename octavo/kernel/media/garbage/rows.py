"""What is to be thrown away, and the arguments of the jobs that do it."""

import msgspec

from octavo.kernel.media.asset.rows import AssetId


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


class KnownFiles(msgspec.Struct, frozen=True):
    """Every key that the rows of one asset name."""

    asset_id: AssetId
    keys: list[str]
