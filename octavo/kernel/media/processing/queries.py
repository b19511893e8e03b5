"""Reading an asset's work: its file, its graph of chunks, and what each step needs."""

from uuid import UUID

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.processing.rows import (
    AudioPlan,
    Chunk,
    ChunkPlan,
    Graph,
    Rendition,
    RungPlan,
    SourceFile,
    StoredChunk,
)


async def source_file(db: Queryable, asset_id: AssetId) -> SourceFile | None:
    """None once the asset is deleted or its rows are gone: there is no work left."""
    sql = """
        SELECT asset_id, state, generation, src_sha256, source_key, source
        FROM media.asset WHERE asset_id = $1 AND state NOT IN ('deleted', 'failed')
    """
    return await db.one(SourceFile, sql, asset_id)


async def generation_of(db: Queryable, asset_id: AssetId) -> int | None:
    sql = "SELECT generation FROM media.asset WHERE asset_id = $1 AND state NOT IN ('deleted', 'failed')"
    generation: int | None = await db.value(sql, asset_id)
    return generation


async def graph_of(db: Queryable, asset: Asset) -> Graph:
    renditions = await db.fetch(
        Rendition,
        """
        SELECT r.rendition, r.kind, r.position, r.state,
            coalesce(r.parameters ->> 'form', 'stereo') <> 'stereo' AS surround,
            coalesce(r.rendition = ANY(m.renditions), false) AS published
        FROM media.rendition r LEFT JOIN media.manifest m ON m.asset_id = r.asset_id AND m.version = $2
        WHERE r.asset_id = $1 AND r.position >= 0 ORDER BY r.position
        """,
        asset.asset_id, asset.manifest_version,
    )  # fmt: skip
    chunks = await db.fetch(
        Chunk,
        """
        SELECT c.rendition, c.n, c.state, c.starts, c.ends
        FROM media.chunk c JOIN media.rendition r ON r.asset_id = c.asset_id AND r.rendition = c.rendition
        WHERE c.asset_id = $1 AND r.position >= 0 ORDER BY c.rendition, c.n
        """,
        asset.asset_id,
    )
    return Graph(asset, tuple(renditions), tuple(chunks))


async def chunk_plans(db: Queryable, asset_id: AssetId, n: int, renditions: tuple[str, ...]) -> list[ChunkPlan]:
    """What is still to be encoded of chunk `n`, highest first: these, and the first rung if it comes along."""
    sql = """
        SELECT c.rendition, coalesce(c.parameters, r.parameters) AS parameters, c.span, c.state, r.key_id
        FROM media.chunk c JOIN media.rendition r ON r.asset_id = c.asset_id AND r.rendition = c.rendition
        WHERE c.asset_id = $1 AND c.n = $2 AND r.kind = 'video'
            AND ((c.state = 'queued' AND c.rendition = ANY($3)) OR (c.state = 'waiting' AND r.position = 0))
        ORDER BY r.height DESC
    """
    return await db.fetch(ChunkPlan, sql, asset_id, n, list(renditions))


async def planned_rungs(db: Queryable, asset_id: AssetId) -> list[RungPlan]:
    """The pictures that the film is being encoded in, the first rung first."""
    sql = """
        SELECT rendition, parameters FROM media.rendition
        WHERE asset_id = $1 AND kind = 'video' AND position >= 0 ORDER BY position
    """
    return await db.fetch(RungPlan, sql, asset_id)


async def audio_plan(db: Queryable, asset_id: AssetId, rendition: str) -> AudioPlan | None:
    sql = "SELECT rendition, parameters, state, key_id FROM media.rendition WHERE asset_id = $1 AND rendition = $2"
    return await db.one(AudioPlan, sql, asset_id, rendition)


async def stored_chunks(db: Queryable, asset_id: AssetId, rendition: str) -> list[StoredChunk]:
    """The chunks that are there, from the first up to the first gap."""
    sql = """
        SELECT rendition, n, key, sha256, bytes, starts, ends, track_index
        FROM media.chunk
        WHERE asset_id = $1 AND rendition = $2 AND state = 'ready'
        ORDER BY n
    """
    chunks = await db.fetch(StoredChunk, sql, asset_id, rendition)
    return [chunk for place, chunk in enumerate(chunks) if chunk.n == place]


async def unsettled_assets(db: Queryable, ids: list[UUID]) -> list[AssetId]:
    """Those of the assets that still wait for work to be done."""
    sql = "SELECT asset_id FROM media.asset WHERE asset_id = ANY($1) AND state IN ('uploaded', 'probing', 'playable')"
    return await db.column(sql, ids)
