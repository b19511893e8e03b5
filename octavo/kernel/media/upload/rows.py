"""An upload: the bytes of one asset, or of a part of one, on their way to us."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from octavo.kernel.media.asset.rows import AssetId, AssetState

PARTIAL = "partial"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.upload beside what its asset says. `received` of `length` bytes are safe on the disk.

    `concat` is tus's Upload-Concat: empty for a plain upload, `partial` for a part (which has no asset yet), and
    `final;...` for one that is joined of `parts`.
    """

    asset_id: AssetId
    owner_id: UUID
    state: AssetState
    length: int
    received: int
    finished_at: datetime | None
    expires_at: datetime
    metadata: str = ""
    concat: str = ""
    parts: list[UUID] = []
    joined_to: UUID | None = None
    url: str = ""
    validator: str = ""

    @property
    def whole(self) -> bool:
        return self.received == self.length

    @property
    def is_part(self) -> bool:
        return self.concat == PARTIAL

    @property
    def is_joined(self) -> bool:
        """Whether its bytes come from its parts, and not from its sender."""
        return bool(self.parts)


class UploadRequest(msgspec.Struct, frozen=True):
    """What a sender announces before the first byte. `length` is in bytes; `metadata` is the header as it came.

    `belongs_to` is something of the product's that waits for the file, such as an announced title.
    """

    purpose: str
    filename: str
    filetype: str
    length: int
    metadata: str = ""
    belongs_to: UUID | None = None
    encryption: Literal["", "none", "clear-key"] = ""  # of the film that is made of it; nothing: as the setting says


class Quota(msgspec.Struct, frozen=True):
    """Bytes that a person's files take, and may take together; where `allowed` is 0, there is no bound."""

    used: int
    allowed: int


class PartHash(msgspec.Struct, frozen=True):
    """The SHA-256 of part `n` of a file, counted from 0."""

    n: int
    sha256: bytes


class StoreUpload(msgspec.Struct, frozen=True):
    """The upload whose file has arrived."""

    asset_id: AssetId
