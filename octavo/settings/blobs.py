"""Settings of `kernel.blobs`: where files are stored."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta


class BlobsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where uploads and encoded media are stored."""

    path: Annotated[
        Path | None, Meta(description="Folder that holds the files. Nothing: `blobs` inside the data directory.")
    ] = None
    orphan_hours: Annotated[
        float,
        Meta(gt=0, description="Hours after which a half-written file that nobody finished is removed at start-up."),
    ] = 24.0
