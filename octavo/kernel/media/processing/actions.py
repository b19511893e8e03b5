"""Writing an asset's work: what a step has made, and what follows from it, in the transaction of that step."""

from datetime import timedelta
from typing import NamedTuple

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import Asset, AssetId, ManifestForm
from octavo.kernel.media.delivery.tokens import expiry
from octavo.kernel.media.encode import AudioPiece, ChunkSpan, Rung, Sound, SourceInfo, first_rung
from octavo.kernel.media.encryption.actions import plan_encryption
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.packaging import TrackIndex
from octavo.kernel.media.processing import queries, rules
from octavo.kernel.media.processing.rows import ChunkPlan, ChunkState, EncodeChunk, SourceFile, Steps


class AssetEnded(Exception):
    """The asset was deleted, or failed, while this step was at work: nothing of it may be published."""


class Stored(NamedTuple):
    """A file in the store: its key, the hash of its content and its size in bytes."""

    key: str
    sha256: str
    bytes: int


async def lock_work(tx: Transaction, work: SourceFile) -> Asset:
    """Locks the asset, which comes before locking anything else of it. Raises AssetEnded."""
    asset = await lock_asset(tx, work.asset_id)
    if asset is None or asset.generation != work.generation or asset.state in ("deleted", "failed"):
        raise AssetEnded
    return asset


async def plan_work(
    ctx: Context,
    tx: Transaction,
    asset_id: AssetId,
    source: SourceInfo,
    rungs: tuple[Rung, ...],
    spans: tuple[ChunkSpan, ...],
    sounds: dict[str, Sound],
) -> None:
    """The probe's result, and every rendition and chunk that is to come of it."""
    await tx.execute(
        """
        UPDATE media.asset
        SET state = 'probing', source = $2, width = $3, height = $4, duration = $5, changed_at = $6
        WHERE asset_id = $1
        """,
        asset_id, source, source.video.width, source.video.height, source.duration, ctx.now,
    )  # fmt: skip
    leading = first_rung(rungs)
    ordered = [leading, *(rung for rung in rungs if rung != leading)]
    await tx.execute_many(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, width, height, parameters, state)
        VALUES ($1, $2, 'video', $3, $4, $5, $6, $7, 'encoding')
        """,
        [(asset_id, rung.name, place, rung.codec, rung.width, rung.height, rung) for place, rung in enumerate(ordered)],
    )
    await tx.execute_many(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, parameters, state)
        VALUES ($1, $2, 'audio', $3, $4, $5, 'encoding')
        """,
        [(asset_id, name, len(rungs) + n, sound.made_as, sound) for n, (name, sound) in enumerate(sounds.items())],
    )
    await tx.execute_many(
        """
        INSERT INTO media.chunk (asset_id, rendition, n, state, starts, ends, span)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [
            (asset_id, rung.name, span.n, _state_at_first(span, rung, leading), span.start, span.end, span)
            for rung in rungs
            for span in spans
        ],
    )
    await plan_encryption(ctx, tx, asset_id)
    await tell_change(tx, AssetChanged(asset_id, "probing"))


def _state_at_first(span: ChunkSpan, rung: Rung, leading: Rung) -> ChunkState:
    """The probe itself enqueues the one chunk that makes the film playable."""
    return "queued" if rung == leading and span.n == 0 else "waiting"


async def keep_chunk(
    tx: Transaction, asset_id: AssetId, plan: ChunkPlan, stored: Stored, index: TrackIndex, *, attempt: int
) -> None:
    """Not the chunk that was taken along and has since been given to a job of its own: that one will keep it."""
    await tx.execute(
        """
        UPDATE media.chunk
        SET state = 'ready', progress = 1, key = $4, sha256 = $5, bytes = $6, track_index = $7, attempt = $8
        WHERE asset_id = $1 AND rendition = $2 AND n = $3 AND state = $9
        """,
        asset_id, plan.rendition, plan.span.n, stored.key, stored.sha256, stored.bytes, index, attempt, plan.state,
    )  # fmt: skip


async def keep_audio_piece(
    tx: Transaction, asset_id: AssetId, rendition: str, piece: AudioPiece, stored: Stored, *, attempt: int
) -> None:
    """A pass that was begun again makes the same pieces again."""
    start, duration = piece.index.start, piece.index.duration
    await tx.execute(
        """
        INSERT INTO media.chunk
            (asset_id, rendition, n, state, starts, ends, progress, key, sha256, bytes, track_index, attempt)
        VALUES ($1, $2, $3, 'ready', $4, $5, 1, $6, $7, $8, $9, $10)
        ON CONFLICT (asset_id, rendition, n) DO UPDATE
        SET starts = $4, ends = $5, key = $6, sha256 = $7, bytes = $8, track_index = $9, attempt = $10
        """,
        asset_id, rendition, piece.n, start, start + duration,
        stored.key, stored.sha256, stored.bytes, piece.index, attempt,
    )  # fmt: skip


async def end_audio(tx: Transaction, asset_id: AssetId, rendition: str) -> None:
    await tx.execute(
        "UPDATE media.rendition SET state = 'encoded' WHERE asset_id = $1 AND rendition = $2 AND state = 'encoding'",
        asset_id, rendition,
    )  # fmt: skip


async def keep_track(tx: Transaction, asset_id: AssetId, rendition: str, stored: Stored, index: TrackIndex) -> None:
    await tx.execute(
        """
        UPDATE media.rendition
        SET state = 'ready', key = $3, sha256 = $4, bytes = $5, track_index = $6
        WHERE asset_id = $1 AND rendition = $2
        """,
        asset_id, rendition, stored.key, stored.sha256, stored.bytes, index,
    )  # fmt: skip


async def take_steps(ctx: Context, tx: Transaction, asset_id: AssetId) -> list[Steps]:
    """Change the rows for all that follows from what is done now. The caller enqueues the jobs of these steps."""
    taken: list[Steps] = []
    while True:
        asset = await lock_asset(tx, asset_id)
        if asset is None:
            return taken
        steps = rules.following_steps(await queries.graph_of(tx, asset))
        if steps == rules.NOTHING:
            return taken
        if steps.publish:
            await publish_version(ctx, tx, asset, steps.publish)
        for chunk in (*steps.encode_first_rung, *steps.encode_others):
            await _queue_chunk(tx, chunk)
        for track in steps.join:
            await end_audio(tx, asset_id, track.rendition)
        taken.append(steps)


async def begin_playing(ctx: Context, tx: Transaction, asset_id: AssetId) -> None:
    """Somebody plays what there is of the film, and is not to come to its end before there is more."""
    await tx.execute(
        "UPDATE media.asset SET first_played_at = $2 WHERE asset_id = $1 AND first_played_at IS NULL",
        asset_id, ctx.now,
    )  # fmt: skip


async def publish_version(ctx: Context, tx: Transaction, asset: Asset, form: ManifestForm) -> None:
    """A new manifest version; players of the one before are told, and its files live as long as their addresses.

    Surround sound comes with the whole film, since nobody waits for it before.
    """
    state = "playable" if form == "growing" else "complete"
    version = asset.manifest_version + 1
    await tx.execute(
        "UPDATE media.manifest SET retires_at = $2 WHERE asset_id = $1 AND retires_at IS NULL",
        asset.asset_id, expiry(ctx.now, timedelta(seconds=ctx.settings.media.playback_lifetime)),
    )  # fmt: skip
    await tx.execute(
        """
        INSERT INTO media.manifest (asset_id, version, generation, form, renditions, published_at)
        SELECT $1, $2, $3, $4, array_agg(rendition ORDER BY kind DESC, height DESC, position), $5
        FROM media.rendition r
        WHERE asset_id = $1 AND position >= 0 AND (CASE $4 WHEN 'whole' THEN state = 'ready' ELSE position = 0 END
            OR (kind = 'audio' AND ($4 = 'whole' OR coalesce(parameters ->> 'form', 'stereo') = 'stereo') AND EXISTS (
            SELECT 1 FROM media.chunk c WHERE c.asset_id = $1 AND c.rendition = r.rendition AND c.state = 'ready'
        )))
        """,
        asset.asset_id, version, asset.generation, form, ctx.now,
    )  # fmt: skip
    await tx.execute(
        "UPDATE media.asset SET state = $2, manifest_version = $3, changed_at = $4 WHERE asset_id = $1",
        asset.asset_id, state, version, ctx.now,
    )  # fmt: skip
    await tell_change(tx, AssetChanged(asset.asset_id, state, version))


async def _queue_chunk(tx: Transaction, chunk: EncodeChunk) -> None:
    await tx.execute(
        """
        UPDATE media.chunk SET state = 'queued'
        WHERE asset_id = $1 AND n = $2 AND rendition = ANY($3) AND state = 'waiting'
        """,
        chunk.asset_id, chunk.n, list(chunk.renditions),
    )  # fmt: skip
