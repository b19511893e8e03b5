"""Reading which subtitles a film has."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.subtitles.rows import Origin, Subtitle


async def subtitles_of(db: Queryable, asset_id: AssetId) -> list[Subtitle]:
    """Those of the source in its order, then the owner's, the oldest first."""
    sql = """
        SELECT asset_id, name, origin, language, label, forced, cues, key, sha256, bytes, created_at
        FROM media.subtitle WHERE asset_id = $1
        ORDER BY origin DESC, created_at, name COLLATE "C"
    """
    return await db.fetch(Subtitle, sql, asset_id)


async def origin_of(db: Queryable, asset_id: AssetId, name: str) -> Origin | None:
    sql = "SELECT origin FROM media.subtitle WHERE asset_id = $1 AND name = $2"
    origin: Origin | None = await db.value(sql, asset_id, name)
    return origin


async def how_many(db: Queryable, asset_id: AssetId) -> int:
    count: int = await db.value("SELECT count(*) FROM media.subtitle WHERE asset_id = $1", asset_id)
    return count
