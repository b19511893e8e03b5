"""Reading the pictures of a film."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.posters.rows import PosterChoice


async def posters_of(db: Queryable, asset_id: AssetId) -> list[PosterChoice]:
    """Frames of the film, the most telling first, then the owner's own, the oldest first."""
    sql = """
        SELECT p.asset_id, p.name, p.origin, p.at, p.key, p.sha256, p.bytes, p.created_at,
            p.key = a.poster_key AS chosen
        FROM media.poster p JOIN media.asset a ON a.asset_id = p.asset_id
        WHERE p.asset_id = $1 AND a.state <> 'deleted'
        ORDER BY p.origin, p.created_at, p.name COLLATE "C"
    """
    return await db.fetch(PosterChoice, sql, asset_id)


async def how_many_own(db: Queryable, asset_id: AssetId) -> int:
    sql = "SELECT count(*) FROM media.poster WHERE asset_id = $1 AND origin = 'owner'"
    count: int = await db.value(sql, asset_id)
    return count
