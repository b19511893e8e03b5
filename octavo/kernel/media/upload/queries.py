"""Reading uploads: one as its owner sees it, its part hashes, what is reserved, and those nobody finishes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.queries import bytes_of_owner
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.upload.rows import PartHash, Quota, Upload
from octavo.kernel.refusals import NotFound

# A part of an upload has no asset until it is joined with the others.
_SELECT = """
    SELECT u.asset_id, u.owner_id, coalesce(a.state, 'uploading') AS state, u.length, u.received, u.finished_at,
        u.expires_at, u.metadata, u.concat, u.parts, u.joined_to, u.url, u.validator
    FROM media.upload u LEFT JOIN media.asset a ON a.asset_id = u.asset_id
"""


async def find_upload(db: Queryable, asset_id: AssetId) -> Upload | None:
    return await db.one(Upload, f"{_SELECT} WHERE u.asset_id = $1", asset_id)


async def upload_of(db: Queryable, asset_id: AssetId, owner_id: UUID | None) -> Upload:
    """Raises NotFound for an upload that is another's, so that nobody learns which ids exist."""
    upload = await db.one(Upload, f"{_SELECT} WHERE u.asset_id = $1 AND u.owner_id = $2", asset_id, owner_id)
    if upload is None:
        raise NotFound("There is no such upload. It may have been finished long ago, or ended.")
    return upload


async def uploads_of(db: Queryable, ids: Sequence[UUID]) -> dict[UUID, Upload]:
    found = await db.fetch(Upload, f"{_SELECT} WHERE u.asset_id = ANY($1)", list(ids))
    return {upload.asset_id: upload for upload in found}


async def part_hashes(db: Queryable, asset_id: AssetId) -> list[PartHash]:
    """In the order of the file."""
    return await db.fetch(PartHash, "SELECT n, sha256 FROM media.upload_part WHERE asset_id = $1 ORDER BY n", asset_id)


async def bytes_reserved(db: Queryable, owner_id: UUID) -> int:
    """What a person's files take, unfinished ones and parts counted at their announced length."""
    sql = """
        /* fanout: a person's uploads lie on all shards; asked once per new upload, answered by an index alone */
        SELECT coalesce(sum(length), 0)::bigint FROM media.upload
        WHERE owner_id = $1 AND concat = 'partial' AND joined_to IS NULL
    """
    in_parts: int = await db.value(sql, owner_id)
    return in_parts + await bytes_of_owner(db, owner_id)


async def quota_of(db: Queryable, owner_id: UUID, usual: int) -> Quota:
    """`usual` holds where the operator has said nothing about this person. Without a bound nothing is counted."""
    own: int | None = await db.value("SELECT bytes FROM media.quota WHERE owner_id = $1", owner_id)
    allowed = usual if own is None else own
    return Quota(await bytes_reserved(db, owner_id) if allowed else 0, allowed)


async def overdue_uploads(db: Queryable, now: datetime, *, limit: int) -> list[Upload]:
    """Uploads past their time: unfinished ones to throw away, finished ones whose row is no longer needed.

    Parts that have been claimed go with the upload that claimed them.
    """
    sql = f"""
        /* fanout: a sweep over all shards, once in a while */
        {_SELECT} WHERE u.expires_at < $1 AND u.joined_to IS NULL ORDER BY u.expires_at LIMIT $2
    """
    return await db.fetch(Upload, sql, now, limit)


async def whole_but_unfinished(db: Queryable, *, limit: int) -> list[Upload]:
    """Uploads whose last byte was stored by a process that died before it could say so."""
    sql = f"""
        /* fanout: a sweep over all shards, once in a while */
        {_SELECT} WHERE u.received = u.length AND u.finished_at IS NULL AND a.state = 'uploading' LIMIT $1
    """
    return await db.fetch(Upload, sql, limit)
