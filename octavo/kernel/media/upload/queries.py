"""Reading uploads: one as its owner sees it, its part hashes, and those nobody finishes."""

from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.upload.rows import PartHash, Upload
from octavo.kernel.refusals import NotFound

_SELECT = """
    SELECT u.asset_id, a.owner_id, a.filename, a.state, u.length, u.received, u.finished_at, u.expires_at
    FROM media.upload u JOIN media.asset a ON a.asset_id = u.asset_id
"""


async def upload_of(db: Queryable, asset_id: AssetId, owner_id: UUID | None) -> Upload:
    """Raises NotFound for an upload that is another's, so that nobody learns which ids exist."""
    sql = f"{_SELECT} WHERE u.asset_id = $1 AND a.owner_id = $2"
    upload = await db.one(Upload, sql, asset_id, owner_id)
    if upload is None:
        raise NotFound("There is no such upload. It may have been finished long ago, or ended.")
    return upload


async def part_hashes(db: Queryable, asset_id: AssetId) -> list[PartHash]:
    """In the order of the file."""
    return await db.fetch(PartHash, "SELECT n, sha256 FROM media.upload_part WHERE asset_id = $1 ORDER BY n", asset_id)


async def overdue_uploads(db: Queryable, now: datetime, *, limit: int) -> list[Upload]:
    """Uploads past their time: unfinished ones to throw away, finished ones whose row is no longer needed."""
    sql = f"""
        /* fanout: a sweep over all shards, once in a while */
        {_SELECT} WHERE u.expires_at < $1 ORDER BY u.expires_at LIMIT $2
    """
    return await db.fetch(Upload, sql, now, limit)


async def whole_but_unfinished(db: Queryable, *, limit: int) -> list[Upload]:
    """Uploads whose last byte was stored by a process that died before it could say so."""
    sql = f"""
        /* fanout: a sweep over all shards, once in a while */
        {_SELECT} WHERE u.received = u.length AND u.finished_at IS NULL AND a.state = 'uploading' LIMIT $1
    """
    return await db.fetch(Upload, sql, limit)
