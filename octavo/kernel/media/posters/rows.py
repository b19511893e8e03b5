"""A picture that a film may be shown by."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from octavo.kernel.media.asset.rows import AssetId

PosterOrigin: TypeAlias = Literal["film", "owner"]


class PosterChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.poster, a JPEG. `at` is a frame's second of the film; `chosen` is the one that is shown."""

    asset_id: AssetId
    name: str
    origin: PosterOrigin
    at: float
    key: str
    sha256: str
    bytes: int
    created_at: datetime
    chosen: bool = False

    @property
    def etag(self) -> str:
        return self.sha256[:32]

    @property
    def url(self) -> str:
        """An address that cannot be guessed and never changes its content."""
        return f"/play/poster/{self.asset_id}/{self.etag}.jpg"
