"""Reading assets: the row itself, and the view that shows how far each rendition is."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset import rules
from octavo.kernel.media.asset.rows import Arrived, Asset, AssetId, AssetView, RenditionProgress
from octavo.kernel.refusals import NotFound

_SELECT = """
    SELECT asset_id, owner_id, purpose, filename, state, failure, generation, size, src_sha256, source_key,
        width, height, duration, poster_key, poster_etag, manifest_version, created_at, changed_at,
        first_played_at, unfitted,
        EXISTS (
            SELECT FROM media.rendition r WHERE r.asset_id = media.asset.asset_id AND r.key_id IS NOT NULL
        ) AS encrypted
    FROM media.asset
"""


async def find_asset(db: Queryable, asset_id: AssetId) -> Asset:
    """Raises NotFound for an asset that never was or is deleted."""
    asset = await db.one(Asset, f"{_SELECT} WHERE asset_id = $1 AND state <> 'deleted'", asset_id)
    if asset is None:
        raise NotFound("There is no such file.")
    return asset


async def lock_asset(db: Queryable, asset_id: AssetId) -> Asset | None:
    """The row, locked until the transaction ends: who advances an asset's work holds it, so steps come once."""
    return await db.one(Asset, f"{_SELECT} WHERE asset_id = $1 FOR UPDATE", asset_id)


async def asset_views(db: Queryable, ids: Iterable[UUID]) -> dict[UUID, AssetView]:
    """The views of those assets that exist; deleted ones are left out."""
    wanted = list(ids)
    assets = await db.fetch(Asset, f"{_SELECT} WHERE asset_id = ANY($1) AND state <> 'deleted'", wanted)
    by_asset: dict[UUID, list[RenditionProgress]] = defaultdict(list)
    for rendition in await _progress(db, [asset.asset_id for asset in assets]):
        by_asset[rendition.asset_id].append(rendition)
    arrived = await _arrived(db, [asset.asset_id for asset in assets if asset.state == "uploading"])
    return {
        asset.asset_id: rules.view(asset, by_asset[asset.asset_id], arrived=arrived.get(asset.asset_id, 0.0))
        for asset in assets
    }


async def _arrived(db: Queryable, ids: list[UUID]) -> dict[UUID, float]:
    """Which share of its bytes has come, from 0 to 1."""
    if not ids:
        return {}
    sql = "SELECT asset_id, received::float8 / length AS share FROM media.upload WHERE asset_id = ANY($1)"
    return {one.asset_id: one.share for one in await db.fetch(Arrived, sql, ids)}


async def _progress(db: Queryable, ids: list[UUID]) -> list[RenditionProgress]:
    """Chunks count by their length, because the first is shorter than the others."""
    sql = """
        SELECT r.asset_id, r.rendition, r.kind, r.codec, r.width, r.height, r.state,
               CASE WHEN r.state = 'ready' THEN r.bytes ELSE coalesce(c.bytes, 0) END AS bytes,
               CASE WHEN r.state = 'ready' THEN 1 ELSE least(1, coalesce(c.done, 0) / greatest(a.duration, 0.001)) END
                   AS progress
        FROM media.rendition r
        JOIN media.asset a ON a.asset_id = r.asset_id
        LEFT JOIN LATERAL (
            SELECT sum(k.bytes)::bigint AS bytes, sum((k.ends - k.starts) * k.progress) AS done
            FROM media.chunk k
            WHERE k.asset_id = r.asset_id AND k.rendition = r.rendition AND r.state <> 'ready'
        ) c ON true
        WHERE r.asset_id = ANY($1) AND r.position >= 0
        ORDER BY r.asset_id, r.position
    """
    return await db.fetch(RenditionProgress, sql, ids)


async def bytes_of_owner(db: Queryable, owner_id: UUID) -> int:
    """What a person's files take, unfinished uploads counted at their announced length."""
    sql = """
        /* fanout: a person's files lie on all shards; asked once per new upload, answered by an index alone */
        SELECT coalesce(sum(size), 0)::bigint FROM media.asset WHERE owner_id = $1 AND state <> 'deleted'
    """
    total: int = await db.value(sql, owner_id)
    return total
