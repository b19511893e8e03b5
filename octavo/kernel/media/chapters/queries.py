"""Reading a film's chapters."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.chapters.rows import Chapter


async def chapters_of(db: Queryable, asset_id: AssetId) -> list[Chapter]:
    """In the order of the film."""
    sql = "SELECT start_ms, title FROM media.chapter WHERE asset_id = $1 ORDER BY start_ms"
    return await db.fetch(Chapter, sql, asset_id)
