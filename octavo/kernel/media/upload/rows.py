"""An upload: the bytes of one asset on their way to us."""

from datetime import datetime
from uuid import UUID

import msgspec

from octavo.kernel.media.asset.rows import AssetId, AssetState


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.upload beside what its asset says. `received` of `length` bytes are safe on the disk."""

    asset_id: AssetId
    owner_id: UUID
    filename: str
    state: AssetState
    length: int
    received: int
    finished_at: datetime | None
    expires_at: datetime

    @property
    def whole(self) -> bool:
        return self.received == self.length


class UploadRequest(msgspec.Struct, frozen=True):
    """What a sender announces before the first byte. `length` is in bytes."""

    purpose: str
    filename: str
    filetype: str
    length: int
    belongs_to: UUID | None = None  # what of the product's the file is for


class PartHash(msgspec.Struct, frozen=True):
    """The SHA-256 of part `n` of a file, counted from 0."""

    n: int
    sha256: bytes
