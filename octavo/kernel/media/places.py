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


def poster_key(asset_id: UUID, name: str) -> str:
    return f"{asset_folder(asset_id)}/poster/{name}.jpg"


def frame_key(asset_id: UUID, src_sha256: str, n: int) -> str:
    """A frame to choose for a poster; the first has the name that films had when there was one only."""
    return poster_key(asset_id, f"{src_sha256}-{n}" if n else src_sha256)


def subtitle_key(asset_id: UUID, name: str) -> str:
    return f"{asset_folder(asset_id)}/subtitle/{name}.vtt"


def sheet_key(asset_id: UUID, track_name: str, n: int) -> str:
    return f"{asset_folder(asset_id)}/storyboard/{track_name}-{n:04}.jpg"


def export_key(asset_id: UUID, content_name: str, name: str) -> str:
    return f"{asset_folder(asset_id)}/export/{content_name}-{name}"


def asset_of(key: str) -> UUID | None:
    """Whose file this is; None for a key that is none of ours."""
    return _id_in(key.partition("/")[2].partition("/")[0])


def upload_spools(blobs: Blobs) -> Path:
    """The folder of all that is being uploaded."""
    return blobs.spool_dir / "uploads"


def upload_spool(blobs: Blobs, asset_id: UUID) -> Path:
    return upload_spools(blobs) / str(asset_id)


def asset_spooled_at(path: Path) -> UUID | None:
    """Whose upload this is; None for a file that is none of ours."""
    return _id_in(path.name)


def work_folder(blobs: Blobs) -> Path:
    """Where steps of the work keep what they have not published yet, each in a folder of its own."""
    return blobs.spool_dir / "work"


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
