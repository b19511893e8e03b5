"""Finding films to renew, and how far they are."""

from collections.abc import Sequence
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.queries import asset_views
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.encode import SourceInfo
from octavo.kernel.media.renewal.rows import Probed, Renewal


async def complete_films_after(db: Queryable, asset_id: UUID, limit: int) -> list[AssetId]:
    """The next ones in the order of their ids."""
    sql = "SELECT asset_id FROM media.asset WHERE asset_id > $1 AND state = 'complete' ORDER BY asset_id LIMIT $2"
    return await db.column(sql, asset_id, limit)


async def is_being_renewed(db: Queryable, asset_id: AssetId) -> bool:
    """Only such a film is `playable` while its newest version is a whole one."""
    sql = """
        SELECT EXISTS (
            SELECT 1 FROM media.asset a
            JOIN media.manifest m ON m.asset_id = a.asset_id AND m.version = a.manifest_version
            WHERE a.asset_id = $1 AND a.state = 'playable' AND m.form = 'whole'
        )
    """
    renewed: bool = await db.value(sql, asset_id)
    return renewed


async def source_of(db: Queryable, asset_id: AssetId) -> SourceInfo:
    found = await db.one(Probed, "SELECT source FROM media.asset WHERE asset_id = $1", asset_id)
    assert found is not None, "its row is locked"
    return found.source


async def renewals(db: Queryable, begun: Sequence[Asset]) -> list[Renewal]:
    """How far they are, by what they were. Films that were deleted meanwhile are left out."""
    before = {asset.asset_id: asset.manifest_version for asset in begun}
    views = await asset_views(db, before)
    return [Renewal(one, view.state, view.progress, view.manifest_version > before[one]) for one, view in views.items()]
