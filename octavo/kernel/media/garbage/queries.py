"""Finding garbage: chunks that no manifest needs, and what of the blob folder the rows still know."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.garbage.rows import NamedFile, ReplacedRendition, SpareChunk


async def spare_chunks(db: Queryable, asset_id: AssetId, now: datetime) -> list[SpareChunk]:
    """Chunks of a complete asset, except those of a growing manifest whose addresses still work."""
    sql = """
        SELECT c.rendition, c.n, c.key
        FROM media.chunk c JOIN media.asset a ON a.asset_id = c.asset_id
        JOIN media.rendition r ON r.asset_id = c.asset_id AND r.rendition = c.rendition
        WHERE c.asset_id = $1 AND a.state = 'complete' AND r.state = 'ready' AND NOT EXISTS (
            -- By key, because a film that was encoded twice in the same way has two rows for one file.
            SELECT 1 FROM media.manifest m JOIN media.chunk k ON k.asset_id = m.asset_id
                AND k.rendition = ANY(m.renditions)
            WHERE m.asset_id = c.asset_id AND m.form = 'growing' AND m.retires_at > $2 AND k.key = c.key
        )
    """
    return await db.fetch(SpareChunk, sql, asset_id, now)


async def replaced_renditions(db: Queryable, asset_id: AssetId, now: datetime) -> list[ReplacedRendition]:
    """Those of which there is a newer encoding, once no manifest version that names them can be played any more.

    `key` is empty where the newer encoding has the very same file.
    """
    sql = """
        SELECT o.rendition, CASE WHEN EXISTS (
                SELECT 1 FROM media.rendition r
                WHERE r.asset_id = o.asset_id AND r.rendition <> o.rendition AND r.key = o.key
            ) THEN '' ELSE o.key END AS key
        FROM media.rendition o JOIN media.asset a ON a.asset_id = o.asset_id
        WHERE o.asset_id = $1 AND o.position < 0 AND a.state = 'complete' AND NOT EXISTS (
            SELECT 1 FROM media.manifest m
            WHERE m.asset_id = o.asset_id AND o.rendition = ANY(m.renditions)
                AND (m.retires_at IS NULL OR m.retires_at > $2)
        )
    """
    return await db.fetch(ReplacedRendition, sql, asset_id, now)


async def named_files(db: Queryable, ids: list[UUID]) -> list[NamedFile]:
    """Every file that is in use. A deleted asset uses none. Whoever gives files to a further table adds it here."""
    sql = """
        SELECT a.asset_id, f.kind, f.name, f.key, f.size, f.sha256
        FROM media.asset a CROSS JOIN LATERAL (
            SELECT 'source' AS kind, '' AS name, a.source_key AS key, a.size AS size, a.src_sha256 AS sha256
            UNION ALL SELECT 'poster', '', a.poster_key, NULL, a.poster_etag WHERE NOT EXISTS (
                -- Of films from before there was a choice.
                SELECT 1 FROM media.poster p WHERE p.asset_id = a.asset_id AND p.key = a.poster_key
            )
            UNION ALL SELECT 'poster', p.name, p.key, p.bytes, p.sha256
                FROM media.poster p WHERE p.asset_id = a.asset_id
            UNION ALL SELECT 'track', r.rendition, r.key, r.bytes, r.sha256
                FROM media.rendition r WHERE r.asset_id = a.asset_id
            UNION ALL SELECT 'chunk', c.rendition || ':' || c.n, c.key, c.bytes, c.sha256
                FROM media.chunk c WHERE c.asset_id = a.asset_id
            UNION ALL SELECT 'export', e.name, e.key, e.bytes, e.sha256
                FROM media.export e WHERE e.asset_id = a.asset_id
            UNION ALL SELECT 'subtitle', s.name, s.key, s.bytes, s.sha256
                FROM media.subtitle s WHERE s.asset_id = a.asset_id
            UNION ALL SELECT 'storyboard', b.n::text, b.key, b.bytes, b.sha256
                FROM media.storyboard_sheet b WHERE b.asset_id = a.asset_id
        ) f
        WHERE a.asset_id = ANY($1) AND a.state <> 'deleted' AND f.key <> ''
    """
    return await db.fetch(NamedFile, sql, ids)


async def known_files(db: Queryable, ids: list[UUID]) -> dict[AssetId, set[str]]:
    """Every key in use, by asset; an asset that uses none is not in the answer."""
    known: dict[AssetId, set[str]] = defaultdict(set)
    for file in await named_files(db, ids):
        known[file.asset_id].add(file.key)
    return known


async def unfinished_uploads(db: Queryable, ids: list[UUID]) -> set[AssetId]:
    """Which of these uploads still need their spool."""
    sql = "SELECT asset_id FROM media.upload WHERE asset_id = ANY($1) AND finished_at IS NULL"
    return set(await db.column(sql, ids))
