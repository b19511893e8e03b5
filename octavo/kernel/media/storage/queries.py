"""Adding up what rows say of their files."""

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.identity import user_names
from octavo.kernel.media.storage.rows import KindSum, MonthSum, PersonSum, StorageReport

# UNION and not UNION ALL: two encodings that gave the same bytes have one file. Whoever gives files to a further table
# adds it here.
_FILES = """
    /* fanout: an operator asks once in a while */
    WITH file AS (
        SELECT asset_id, 'source' AS kind, '' AS rung, source_key AS key, size AS bytes FROM media.asset
        UNION SELECT asset_id, 'track', CASE kind WHEN 'video' THEN (parameters ->> 'lines') || 'p' ELSE 'sound' END,
            key, bytes FROM media.rendition
        UNION SELECT c.asset_id, 'chunk',
            CASE r.kind WHEN 'video' THEN (r.parameters ->> 'lines') || 'p' ELSE 'sound' END, c.key, c.bytes
            FROM media.chunk c JOIN media.rendition r ON r.asset_id = c.asset_id AND r.rendition = c.rendition
        UNION SELECT asset_id, 'export', '', key, bytes FROM media.export
        UNION SELECT asset_id, 'poster', '', key, bytes FROM media.poster
        UNION SELECT asset_id, 'subtitle', '', key, bytes FROM media.subtitle
        UNION SELECT asset_id, 'storyboard', '', key, bytes FROM media.storyboard_sheet
    ), kept AS (
        SELECT f.asset_id, f.kind, f.rung, f.bytes, a.owner_id,
            to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
        FROM file f JOIN media.asset a ON a.asset_id = f.asset_id
        WHERE f.key <> '' AND a.state <> 'deleted'
    )
"""


async def storage_report(ctx: Context, *, people: int) -> StorageReport:
    """With those people whose films take most, at most so many."""
    db = ctx.db.main
    kinds = await db.fetch(
        KindSum,
        f"""
        {_FILES}
        SELECT kind, rung, count(*) AS files, sum(bytes)::bigint AS bytes FROM kept
        GROUP BY kind, rung ORDER BY bytes DESC, kind, rung
        """,
    )
    owners = await db.fetch(
        PersonSum,
        f"""
        {_FILES}
        SELECT owner_id, count(DISTINCT asset_id) AS films,
            coalesce(sum(bytes) FILTER (WHERE kind = 'source'), 0)::bigint AS uploaded,
            coalesce(sum(bytes) FILTER (WHERE kind <> 'source'), 0)::bigint AS made
        FROM kept GROUP BY owner_id ORDER BY sum(bytes) DESC, owner_id LIMIT $1
        """,
        people,
    )
    months = await db.fetch(
        MonthSum,
        f"""
        {_FILES}
        SELECT month, count(DISTINCT asset_id) AS films, sum(bytes)::bigint AS bytes FROM kept
        GROUP BY month ORDER BY month
        """,
    )
    names = await user_names(ctx.db.user, [owner.owner_id for owner in owners])
    return StorageReport(kinds, [replace(owner, name=names.get(owner.owner_id, "")) for owner in owners], months)
