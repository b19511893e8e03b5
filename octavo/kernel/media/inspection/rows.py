"""What an inspection finds: one fault each, where it lies, and what became of it."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.garbage.rows import FileKind

FaultName: TypeAlias = Literal["missing", "wrong size", "wrong hash", "stray", "orphaned", "short"]
ThingKind: TypeAlias = FileKind | Literal["file", "spool", "folder", "rows"]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """`place` is a key of the store, a path below this machine's spool folder, or the table of rows without an asset.

    - missing: a row names a file that is not in the store
    - wrong size, wrong hash: the file is there, with other content than was published
    - stray: a file that no row names, although its asset lives; or something left on the disk by a step that died
    - orphaned: a file or a row whose asset is gone
    - short: an upload's row promises more bytes than this machine's disk holds
    """

    fault: FaultName
    kind: ThingKind
    place: str
    asset_id: AssetId | None = None
    name: str = ""


class Mended(msgspec.Struct, frozen=True):
    """A fault, and in a few words what was done about it; no words: nothing could be."""

    fault: Fault
    done: str


class Report(msgspec.Struct, frozen=True):
    """How much was looked at, and what was wrong. `young` counts files that may still be on their way into a row."""

    assets: int
    files: int
    bytes: int
    young: int
    faults: list[Fault]


class StoredFile(msgspec.Struct, frozen=True):
    key: str
    size: int
    modified: datetime


class OrphanedRows(msgspec.Struct, frozen=True):
    """Rows of one table that belong to an asset which is gone."""

    asset_id: AssetId
    table: str


class UnfinishedUpload(msgspec.Struct, frozen=True):
    asset_id: UUID
    received: int
