"""Reading exports, and the tracks that they are made of."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.export.rows import Export, Track

COLUMNS = "asset_id, name, state, failure, progress, key, sha256, bytes, requested_at, finished_at"


# A copy of what has been replaced is none of the film any more; until it is collected, its old address still works.
FROM_CURRENT = """
    FROM media.export e
    WHERE e.asset_id = $1 AND NOT EXISTS (
        SELECT 1 FROM media.rendition r JOIN media.asset a ON a.asset_id = r.asset_id
        WHERE r.asset_id = e.asset_id AND r.rendition = e.rung AND r.position < 0 AND a.state = 'complete'
    )
"""


async def export_named(db: Queryable, asset_id: AssetId, name: str) -> Export | None:
    return await db.one(Export, f"SELECT {COLUMNS} {FROM_CURRENT} AND name = $2", asset_id, name)


async def exports_of(db: Queryable, asset_id: AssetId) -> list[Export]:
    return await db.fetch(Export, f"SELECT {COLUMNS} {FROM_CURRENT} ORDER BY name", asset_id)


async def tracks_of(db: Queryable, asset_id: AssetId) -> list[Track]:
    """The joined tracks, the highest picture first and the sounds in their order; growing ones are left out.

    Of sounds only those in stereo: a plain file is for programs of which nothing is known. `lines` are those that a
    quality is called by, so the shorter side of a film that stands upright.
    """
    sql = """
        SELECT rendition AS name, kind, key, sha256,
            coalesce((parameters ->> 'lines')::int, least(width, height), 0) AS lines,
            coalesce(parameters ->> 'language', 'und') AS language
        FROM media.rendition
        WHERE asset_id = $1 AND state = 'ready' AND position >= 0
            AND (kind = 'audio' OR codec = 'h264') AND coalesce(parameters ->> 'form', 'stereo') = 'stereo'
        ORDER BY kind DESC, lines DESC, position
    """
    return await db.fetch(Track, sql, asset_id)
