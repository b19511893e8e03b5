"""Comparing what rows name with what is stored, purely."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.garbage.rows import NamedFile, SpareChunk
from octavo.kernel.media.inspection.rows import Fault, StoredFile

ENCODED = ("track", "chunk")


def absent(named: Iterable[NamedFile], stored: Mapping[str, StoredFile], spare: Iterable[SpareChunk]) -> list[Fault]:
    """Files that are needed and not there. Of spare chunks the files go first, and the rows a moment later."""
    going = {chunk.key for chunk in spare}
    return [fault_of("missing", file) for file in named if file.key not in stored and file.key not in going]


def of_wrong_size(named: Iterable[NamedFile], stored: Mapping[str, StoredFile]) -> list[Fault]:
    return [
        fault_of("wrong size", file)
        for file in named
        if file.size is not None and file.key in stored and stored[file.key].size != file.size
    ]


def unnamed(asset_id: AssetId, named: Sequence[NamedFile], stored: Iterable[StoredFile]) -> list[Fault]:
    known = {file.key for file in named}
    return [
        Fault(fault="stray", kind="file", place=blob.key, asset_id=asset_id) for blob in stored if blob.key not in known
    ]


def without_young(faults: Iterable[Fault], stored: Mapping[str, StoredFile], before: datetime) -> list[Fault]:
    """Strays that are old enough to be none that are just about to be named."""
    return [fault for fault in faults if fault.fault != "stray" or stored[fault.place].modified < before]


def fault_of(fault: str, file: NamedFile) -> Fault:
    return Fault(fault=fault, kind=file.kind, place=file.key, asset_id=file.asset_id, name=file.name)  # type: ignore[arg-type]
