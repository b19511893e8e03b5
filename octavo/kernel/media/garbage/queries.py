"""Finding garbage: chunks that no manifest needs, and what of the blob folder the rows still know."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.garbage.rows import KnownFiles, SpareChunk


async def spare_chunks(db: Queryable, asset_id: AssetId, now: datetime) -> list[SpareChunk]:
    """Chunks of a complete asset, except those of a growing manifest whose addresses still work."""
    sql = """
        SELECT c.rendition, c.n, c.key
        FROM media.chunk c JOIN media.asset a ON a.asset_id = c.asset_id
        WHERE c.asset_id = $1 AND a.state = 'complete' AND NOT EXISTS (
            SELECT 1 FROM media.manifest m
            WHERE m.asset_id = c.asset_id AND m.form = 'growing' AND m.retires_at > $2
                AND c.rendition = ANY(m.renditions)
        )
    """
    return await db.fetch(SpareChunk, sql, asset_id, now)


async def known_files(db: Queryable, ids: list[UUID]) -> dict[AssetId, set[str]]:
    """Every key in use, by asset. A deleted asset uses none, and an asset that never was is not in the answer."""
    sql = """
        SELECT a.asset_id, array_remove(array[a.source_key, a.poster_key]
            || coalesce((SELECT array_agg(r.key) FROM media.rendition r WHERE r.asset_id = a.asset_id), '{}')
            || coalesce((SELECT array_agg(c.key) FROM media.chunk c WHERE c.asset_id = a.asset_id), '{}')
            || coalesce((SELECT array_agg(e.key) FROM media.export e WHERE e.asset_id = a.asset_id), '{}'), '') AS keys
        FROM media.asset a
        WHERE a.asset_id = ANY($1) AND a.state <> 'deleted'
    """
    return {known.asset_id: set(known.keys) for known in await db.fetch(KnownFiles, sql, ids)}


async def unfinished_uploads(db: Queryable, ids: list[UUID]) -> set[AssetId]:
    """Which of these uploads still need their spool."""
    sql = "SELECT asset_id FROM media.upload WHERE asset_id = ANY($1) AND finished_at IS NULL"
    return set(await db.column(sql, ids))
