"""Files of the watched folder: as they lie there, and as they are remembered."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

FileState: TypeAlias = Literal["growing", "taken", "refused", "failed"]


class SeenFile(msgspec.Struct, frozen=True):
    """What the disk says now. `path` is below the folder; `modified_ns` counts nanoseconds since 1970."""

    path: str
    size: int
    modified_ns: int


class WatchedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.watched_file. `refused` was not taken in; `failed` was, and turned out to be no film.

    `src_sha256` and `asset_id` are those of the last content that was taken in under this name.
    """

    file_id: UUID
    path: str
    size: int
    modified_ns: int
    unchanged_since: datetime
    state: FileState
    owner_id: UUID | None = None
    src_sha256: str = ""
    asset_id: UUID | None = None


class FailedFile(msgspec.Struct, frozen=True):
    """A file that was taken in, and what its asset says of it."""

    file_id: UUID
    path: str
    failure: str


class LookAround(msgspec.Struct, frozen=True):
    """Nothing to say: the folder is a setting."""


class TakeFile(msgspec.Struct, frozen=True):
    """The file that has stopped growing."""

    file_id: UUID
