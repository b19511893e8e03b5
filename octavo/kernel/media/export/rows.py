"""An export: one plain file of a film, asked for by its name."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from octavo.kernel.media.asset.rows import AssetId

ExportState: TypeAlias = Literal["waiting", "ready", "failed"]
ExportForm: TypeAlias = Literal["mp4", "webm", "padded"]


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.export. `progress` goes from 0 to 1; `bytes` is known once it is ready."""

    asset_id: AssetId
    name: str
    state: ExportState
    failure: str
    progress: float
    key: str
    sha256: str
    bytes: int
    requested_at: datetime
    finished_at: datetime | None


class Offer(msgspec.Struct, frozen=True):
    """A file that can be asked for. `lines` as in 480p; `rung` is the rendition that an MP4 takes as it is."""

    name: str
    form: ExportForm
    lines: int
    rung: str = ""

    @property
    def content_type(self) -> str:
        return "video/webm" if self.form == "webm" else "video/mp4"


class Track(msgspec.Struct, frozen=True):
    """A joined track of the film, ready to be copied. `name` is its rendition, `language` that of a sound."""

    name: str
    kind: Literal["video", "audio"]
    lines: int
    key: str
    sha256: str
    language: str


class MakeExport(msgspec.Struct, frozen=True):
    """Arguments of the jobs."""

    asset_id: AssetId
    name: str
