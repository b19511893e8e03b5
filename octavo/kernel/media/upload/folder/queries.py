"""Reading what is remembered of the watched folder."""

from collections.abc import Iterable
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.upload.folder.rows import FailedFile, WatchedFile

_SELECT = """
    SELECT file_id, path, size, modified_ns, unchanged_since, state, owner_id, src_sha256, asset_id
    FROM media.watched_file
"""


async def known_files(db: Queryable, ids: Iterable[UUID]) -> dict[UUID, WatchedFile]:
    found = await db.fetch(WatchedFile, f"{_SELECT} WHERE file_id = ANY($1)", list(ids))
    return {known.file_id: known for known in found}


async def known_file(db: Queryable, file_id: UUID) -> WatchedFile | None:
    return await db.one(WatchedFile, f"{_SELECT} WHERE file_id = $1", file_id)


async def taken_before(db: Queryable, owner_id: UUID, src_sha256: str) -> UUID | None:
    """The asset of the same content, unless it was deleted or turned out to be none: then it may come again."""
    sql = """
        /* fanout: names are spread by path, and a file may come under another one; asked once per film taken in */
        SELECT w.asset_id FROM media.watched_file w JOIN media.asset a ON a.asset_id = w.asset_id
        WHERE w.owner_id = $1 AND w.src_sha256 = $2 AND a.state NOT IN ('deleted', 'failed')
        LIMIT 1
    """
    asset_id: UUID | None = await db.value(sql, owner_id, src_sha256)
    return asset_id


async def failed_files(db: Queryable) -> list[FailedFile]:
    """Files that were taken in and turned out to be no films, of which nobody was told yet."""
    sql = """
        /* fanout: a look at all that was taken in, as often as the folder is looked at */
        SELECT w.file_id, w.path, a.failure FROM media.watched_file w JOIN media.asset a ON a.asset_id = w.asset_id
        WHERE w.state = 'taken' AND a.state = 'failed'
    """
    return await db.fetch(FailedFile, sql)
