"""Reading exports, and the tracks that they are made of."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.export.rows import Export, Track

COLUMNS = "asset_id, name, state, failure, progress, key, sha256, bytes, requested_at, finished_at"


async def export_named(db: Queryable, asset_id: AssetId, name: str) -> Export | None:
    return await db.one(Export, f"SELECT {COLUMNS} FROM media.export WHERE asset_id = $1 AND name = $2", asset_id, name)


async def exports_of(db: Queryable, asset_id: AssetId) -> list[Export]:
    return await db.fetch(Export, f"SELECT {COLUMNS} FROM media.export WHERE asset_id = $1 ORDER BY name", asset_id)


async def tracks_of(db: Queryable, asset_id: AssetId) -> list[Track]:
    """The joined tracks, the highest picture first and the sounds in their order; growing ones are left out.

    Of sounds only those in stereo: a plain file is for programs of which nothing is known.
    """
    sql = """
        SELECT rendition AS name, kind, height AS lines, key, sha256,
            coalesce(parameters ->> 'language', 'und') AS language
        FROM media.rendition
        WHERE asset_id = $1 AND state = 'ready' AND position >= 0
            AND coalesce(parameters ->> 'form', 'stereo') = 'stereo'
        ORDER BY kind DESC, height DESC, position
    """
    return await db.fetch(Track, sql, asset_id)
