"""Reading what players ask for: a manifest version as it is now, its tracks, and the file behind an address."""

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId, ManifestForm
from octavo.kernel.media.delivery.rows import DeliveredRendition, MediaFile, Presentation
from octavo.kernel.refusals import Gone, NotFound


async def find_presentation(db: Queryable, asset_id: AssetId, version: int) -> Presentation:
    """Raises NotFound, and Gone for a version whose files are collected."""
    sql = """
        SELECT m.asset_id, m.version, m.form, m.renditions, a.state, a.source,
            (SELECT count(*) FROM media.chunk c
             WHERE c.asset_id = m.asset_id AND c.rendition = ANY(m.renditions) AND c.state = 'ready') AS pieces,
            (SELECT count(*) FROM media.rendition r
             WHERE r.asset_id = m.asset_id AND r.rendition = ANY(m.renditions) AND r.state <> 'encoding') AS encoded,
            (SELECT coalesce(string_agg(s.name || s.sha256, ' ' ORDER BY s.name), '') FROM media.subtitle s
             WHERE s.asset_id = m.asset_id) AS texts,
            (SELECT count(*) FROM media.storyboard b WHERE b.asset_id = m.asset_id) AS boards
        FROM media.manifest m JOIN media.asset a ON a.asset_id = m.asset_id
        WHERE m.asset_id = $1 AND m.version = $2 AND a.state <> 'deleted'
    """
    found = await db.one(Presentation, sql, asset_id, version)
    if found is None:
        raise NotFound("There is no such film here.")
    if found.form == "growing" and not found.pieces:
        raise Gone("A better version of this film has taken its place. Open the film's page again.")
    return found


async def delivered_renditions(db: Queryable, presentation: Presentation) -> list[DeliveredRendition]:
    """In the order of the manifest."""
    sql = """
        SELECT rendition, kind, state, parameters, track_index, key_id FROM media.rendition
        WHERE asset_id = $1 AND rendition = ANY($2)
        ORDER BY array_position($2, rendition)
    """
    return await db.fetch(DeliveredRendition, sql, presentation.asset_id, presentation.renditions)


async def track_file(db: Queryable, asset_id: AssetId, version: int, rendition: str) -> MediaFile:
    """The joined file of a whole version's track."""
    sql = """
        SELECT r.key, r.sha256
        FROM media.manifest m
        JOIN media.rendition r ON r.asset_id = m.asset_id AND r.rendition = ANY(m.renditions)
        JOIN media.asset a ON a.asset_id = m.asset_id
        WHERE m.asset_id = $1 AND m.version = $2 AND m.form = 'whole' AND r.rendition = $3 AND a.state <> 'deleted'
    """
    return _found(await db.one(MediaFile, sql, asset_id, version, rendition))


async def chunk_file(db: Queryable, asset_id: AssetId, version: int, rendition: str, n: int) -> MediaFile:
    sql = """
        SELECT c.key, c.sha256
        FROM media.manifest m
        JOIN media.chunk c ON c.asset_id = m.asset_id AND c.rendition = ANY(m.renditions)
        JOIN media.asset a ON a.asset_id = m.asset_id
        WHERE m.asset_id = $1 AND m.version = $2 AND m.form = 'growing' AND c.rendition = $3 AND c.n = $4
            AND c.state = 'ready' AND a.state <> 'deleted'
    """
    return _found(await db.one(MediaFile, sql, asset_id, version, rendition, n))


async def source_file(db: Queryable, asset_id: AssetId) -> MediaFile:
    """The file as it was uploaded."""
    sql = """
        SELECT source_key AS key, src_sha256 AS sha256, filename FROM media.asset
        WHERE asset_id = $1 AND source_key <> '' AND state <> 'deleted'
    """
    return _found(await db.one(MediaFile, sql, asset_id))


async def export_file(db: Queryable, asset_id: AssetId, name: str) -> MediaFile:
    sql = """
        SELECT e.key, e.sha256
        FROM media.export e JOIN media.asset a ON a.asset_id = e.asset_id
        WHERE e.asset_id = $1 AND e.name = $2 AND e.state = 'ready' AND a.state <> 'deleted'
    """
    return _found(await db.one(MediaFile, sql, asset_id, name))


async def text_file(db: Queryable, asset_id: AssetId, version: int, name: str, *, form: ManifestForm) -> MediaFile:
    """Subtitles of a version: players fetch those of a growing one in parts."""
    sql = """
        SELECT s.key, s.sha256
        FROM media.manifest m
        JOIN media.subtitle s ON s.asset_id = m.asset_id
        JOIN media.asset a ON a.asset_id = m.asset_id
        WHERE m.asset_id = $1 AND m.version = $2 AND m.form = $4 AND s.name = $3 AND a.state <> 'deleted'
    """
    return _found(await db.one(MediaFile, sql, asset_id, version, name, form))


async def sheet_file(db: Queryable, asset_id: AssetId, version: int, n: int) -> MediaFile:
    """A sheet of a whole version's storyboard."""
    sql = """
        SELECT s.key, s.sha256
        FROM media.manifest m
        JOIN media.storyboard_sheet s ON s.asset_id = m.asset_id
        JOIN media.asset a ON a.asset_id = m.asset_id
        WHERE m.asset_id = $1 AND m.version = $2 AND m.form = 'whole' AND s.n = $3 AND a.state <> 'deleted'
    """
    return _found(await db.one(MediaFile, sql, asset_id, version, n))


async def poster_file(db: Queryable, asset_id: AssetId, etag: str) -> MediaFile:
    """The one that is shown, or one of those to choose from."""
    sql = """
        SELECT f.key, f.sha256
        FROM media.asset a CROSS JOIN LATERAL (
            SELECT a.poster_key AS key, a.poster_etag AS sha256
            UNION ALL SELECT p.key, left(p.sha256, 32) FROM media.poster p WHERE p.asset_id = a.asset_id
        ) f
        WHERE a.asset_id = $1 AND f.sha256 = $2 AND f.key <> '' AND a.state <> 'deleted'
        LIMIT 1
    """
    return _found(await db.one(MediaFile, sql, asset_id, etag))


def _found(file: MediaFile | None) -> MediaFile:
    if file is None:
        raise NotFound("There is no such file here.")
    return file
