"""Where an asset's files lie: keys in the blob store, and paths of what is still being written."""

from pathlib import Path
from uuid import UUID

from octavo.kernel.blobs import Blobs

ROOT = "media"


def asset_folder(asset_id: UUID) -> str:
    return f"{ROOT}/{asset_id}"


def source_key(asset_id: UUID, src_sha256: str) -> str:
    return f"{asset_folder(asset_id)}/source/{src_sha256}"


def chunk_key(asset_id: UUID, parameters_hash: str, n: int) -> str:
    """The same source, span and parameters give the same key, and the same bytes under it."""
    return f"{asset_folder(asset_id)}/chunk/{parameters_hash}-{n:04}.mp4"


def track_key(asset_id: UUID, pieces_hash: str) -> str:
    return f"{asset_folder(asset_id)}/track/{pieces_hash}.mp4"


def poster_key(asset_id: UUID, src_sha256: str) -> str:
    return f"{asset_folder(asset_id)}/poster/{src_sha256}.jpg"


def asset_of(key: str) -> UUID | None:
    """Whose file this is; None for a key that is none of ours."""
    try:
        return UUID(key.split("/")[1])
    except (IndexError, ValueError):
        return None


def upload_spool(blobs: Blobs, asset_id: UUID) -> Path:
    return blobs.spool_dir / "uploads" / str(asset_id)


def work_folder(blobs: Blobs) -> Path:
    """Where steps of the work keep what they have not published yet, each in a folder of its own."""
    return blobs.spool_dir / "work"
