"""Reading what an inspection compares: assets in the order of their ids, unfinished uploads, and rows left alone."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.inspection.rows import OrphanedRows, UnfinishedUpload


async def living_assets_after(db: Queryable, asset_id: UUID, limit: int) -> list[AssetId]:
    """The next assets in the order of their ids."""
    sql = "SELECT asset_id FROM media.asset WHERE asset_id > $1 AND state <> 'deleted' ORDER BY asset_id LIMIT $2"
    return await db.column(sql, asset_id, limit)


async def assets_not_gone(db: Queryable, ids: list[UUID], before: datetime) -> set[AssetId]:
    """Those that live, or were deleted so recently that their files may just be going."""
    sql = "SELECT asset_id FROM media.asset WHERE asset_id = ANY($1) AND (state <> 'deleted' OR changed_at >= $2)"
    return set(await db.column(sql, ids, before))


async def unfinished_uploads_after(db: Queryable, asset_id: UUID, limit: int) -> list[UnfinishedUpload]:
    sql = """
        SELECT asset_id, received FROM media.upload
        WHERE asset_id > $1 AND finished_at IS NULL ORDER BY asset_id LIMIT $2
    """
    return await db.fetch(UnfinishedUpload, sql, asset_id, limit)


async def orphaned_rows(db: Queryable, before: datetime) -> list[OrphanedRows]:
    """Rows of assets that are gone, except of those that are just going. A part of an upload has no asset yet."""
    sql = """
        /* fanout: an operator asks once in a while; each shard joins rows of the same asset */
        SELECT DISTINCT rows.asset_id, rows."table"
        FROM (
            SELECT asset_id, 'media.rendition' AS "table" FROM media.rendition
            UNION ALL SELECT asset_id, 'media.manifest' FROM media.manifest
            UNION ALL SELECT asset_id, 'media.export' FROM media.export
            UNION ALL SELECT asset_id, 'media.subtitle' FROM media.subtitle
            UNION ALL SELECT asset_id, 'media.storyboard' FROM media.storyboard
            UNION ALL SELECT asset_id, 'media.chapter' FROM media.chapter
            UNION ALL SELECT asset_id, 'media.poster' FROM media.poster
            UNION ALL SELECT asset_id, 'media.upload' FROM media.upload WHERE concat <> 'partial'
        ) rows LEFT JOIN media.asset a ON a.asset_id = rows.asset_id
        WHERE a.asset_id IS NULL OR (a.state = 'deleted' AND a.changed_at < $1)
    """
    return await db.fetch(OrphanedRows, sql, before)
