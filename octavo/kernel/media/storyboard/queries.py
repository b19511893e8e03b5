"""Reading a film's storyboard, and the track that it is drawn from."""

from uuid import UUID

from msgspec import Struct

from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.packaging import Storyboard, TrackIndex


class SmallestTrack(Struct, frozen=True):
    key: str
    sha256: str
    track_index: TrackIndex
    key_id: UUID | None = None


async def storyboard_of(db: Queryable, asset_id: AssetId) -> Storyboard | None:
    sql = """
        SELECT b.interval, b.tiles, b.columns, b.rows, b.width, b.height, a.duration AS seconds,
            (SELECT coalesce(sum(s.bytes), 0)::bigint FROM media.storyboard_sheet s
             WHERE s.asset_id = b.asset_id) AS bytes
        FROM media.storyboard b JOIN media.asset a ON a.asset_id = b.asset_id
        WHERE b.asset_id = $1
    """
    return await db.one(Storyboard, sql, asset_id)


async def smallest_track(db: Queryable, asset_id: AssetId) -> SmallestTrack | None:
    """The finished rung that is read and decoded the fastest."""
    sql = """
        SELECT key, sha256, track_index, key_id FROM media.rendition
        WHERE asset_id = $1 AND kind = 'video' AND codec = 'h264' AND state = 'ready'
        ORDER BY height, position DESC LIMIT 1
    """
    return await db.one(SmallestTrack, sql, asset_id)
