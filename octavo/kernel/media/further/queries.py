"""Reading what further variants depend on."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encode import SourceInfo
from octavo.kernel.media.processing.queries import source_file


async def source_of(db: Queryable, asset_id: AssetId) -> SourceInfo | None:
    work = await source_file(db, asset_id)
    return work.source if work else None


async def planned_forms(db: Queryable, asset_id: AssetId) -> set[str]:
    """What the film's picture is or will be encoded as: `h264`, `av1`, `av1-hdr`, ..."""
    sql = "SELECT DISTINCT codec FROM media.rendition WHERE asset_id = $1 AND kind = 'video' AND position >= 0"
    return set(await db.column(sql, asset_id))


async def first_whole_version(db: Queryable, asset_id: AssetId) -> int:
    sql = "SELECT min(version) FROM media.manifest WHERE asset_id = $1 AND form = 'whole'"
    version: int = await db.value(sql, asset_id)
    return version


async def next_place(db: Queryable, asset_id: AssetId, at_least: int) -> int:
    sql = "SELECT coalesce(max(position) + 1, 0) FROM media.rendition WHERE asset_id = $1"
    place: int = await db.value(sql, asset_id)
    return max(place, at_least)
