"""Encoding a complete film anew, and publishing its manifest anew.

The old tracks stay under their names, and older manifest versions with them, until the addresses of those have expired.
"""

from collections.abc import Sequence

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.jobs import enqueue, forget_dead
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import Asset, AssetId
from octavo.kernel.media.encode import ChunkSpan, Rung, SourceInfo, first_rung, plan_chunks
from octavo.kernel.media.encryption.actions import plan_encryption, wish_encryption
from octavo.kernel.media.encryption.rows import Encryption
from octavo.kernel.media.events import AssetChanged, tell_change
from octavo.kernel.media.fitting.actions import await_fitting
from octavo.kernel.media.fitting.rules import is_fitted
from octavo.kernel.media.posters.queries import posters_of
from octavo.kernel.media.processing.actions import publish_version
from octavo.kernel.media.processing.jobs import LAST, encode_chunk, encode_sound, fit_ladder
from octavo.kernel.media.processing.pictures import wanted_rungs
from octavo.kernel.media.processing.poster import make_poster
from octavo.kernel.media.processing.rows import EncodeAudio, EncodeChunk, FitLadder, MakePoster, MakeStoryboard
from octavo.kernel.media.processing.sounds import wanted_sounds
from octavo.kernel.media.processing.storyboard import make_storyboard
from octavo.kernel.media.renewal import queries, rules
from octavo.kernel.media.storyboard.queries import storyboard_of
from octavo.kernel.refusals import NotFound


async def encode_anew(ctx: Context, asset_id: AssetId, *, encryption: Encryption | None = None) -> Asset:
    """Every track of the film, as the encoder and its settings are now; where it is encrypted, under a new key.

    `encryption` holds for this film from now on. Raises NotFound, NotComplete.
    """
    async with ctx.db.main.transaction() as tx:
        # Job rows are locked before assets everywhere.
        await forget_dead(tx, f"{asset_id}:")
        asset = await _locked(tx, asset_id)
        source = await queries.source_of(tx, asset_id)
        rungs, spans = await wanted_rungs(ctx, source), plan_chunks(source)
        # Further variants that are not there yet are planned once more when the film is complete again.
        unfinished = "DELETE FROM media.rendition WHERE asset_id = $1 AND position >= 0 AND state <> 'ready'"
        await tx.execute(unfinished, asset_id)
        await tx.execute(
            "UPDATE media.rendition SET position = -1 - position WHERE asset_id = $1 AND position >= 0", asset_id
        )
        await _plan_pictures(tx, asset, rungs, spans, fitted=is_fitted(ctx.settings.media, source, rungs))
        await _plan_sounds(ctx, tx, asset, source, after=len(rungs))
        await tx.execute(
            "UPDATE media.asset SET state = 'playable', first_played_at = NULL, changed_at = $2 WHERE asset_id = $1",
            asset_id,
            ctx.now,
        )
        if encryption is not None:
            await wish_encryption(tx, asset_id, encryption)
        await plan_encryption(ctx, tx, asset_id)
        await tell_change(tx, AssetChanged(asset_id, "playable", asset.manifest_version))
    return asset


async def package_anew(ctx: Context, asset_id: AssetId) -> Asset:
    """A new manifest version of the tracks as they are, with a storyboard and pictures to choose from.

    Raises NotFound, NotComplete.
    """
    async with ctx.db.main.transaction() as tx:
        asset = await _locked(tx, asset_id)
        await publish_version(ctx, tx, asset, "whole")
        if await storyboard_of(tx, asset_id) is None:  # it is from before there were any
            await enqueue(tx, make_storyboard, MakeStoryboard(asset_id), key=f"{asset_id}:storyboard")
        if not any(picture.origin == "film" for picture in await posters_of(tx, asset_id)):
            await enqueue(tx, make_poster, MakePoster(asset_id), key=f"{asset_id}:poster")
    return asset


async def _locked(tx: Transaction, asset_id: AssetId) -> Asset:
    asset = await lock_asset(tx, asset_id)
    if asset is None or asset.state == "deleted":
        raise NotFound(f"There is no film {asset_id}.")
    rules.check_complete(asset)
    return asset


async def _plan_pictures(
    tx: Transaction, asset: Asset, rungs: Sequence[Rung], spans: Sequence[ChunkSpan], *, fitted: bool
) -> None:
    """All of it is bulk work at once, for the film plays already; or once the ladder is fitted to it."""
    leading, state = first_rung(rungs), "waiting" if fitted else "queued"
    names = {rung: rules.name_anew(asset, rung.name) for rung in (leading, *rungs)}
    await tx.execute_many(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, width, height, parameters, state)
        VALUES ($1, $2, 'video', $3, $4, $5, $6, $7, 'encoding')
        """,
        [
            (asset.asset_id, name, place, rung.codec, rung.width, rung.height, rung)
            for place, (rung, name) in enumerate(names.items())
        ],
    )
    await tx.execute_many(
        """
        INSERT INTO media.chunk (asset_id, rendition, n, state, starts, ends, span)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [
            (asset.asset_id, name, span.n, state, span.start, span.end, span)
            for name in names.values()
            for span in spans
        ],
    )
    if fitted:
        await await_fitting(tx, asset.asset_id)
        await enqueue(tx, fit_ladder, FitLadder(asset.asset_id), priority=LAST, key=f"{asset.asset_id}:fit")
        return
    for span in spans:
        chunk = EncodeChunk(asset.asset_id, span.n, tuple(names.values()))
        await enqueue(tx, encode_chunk, chunk, priority=LAST, key=f"{asset.asset_id}:others:{span.n}")


async def _plan_sounds(ctx: Context, tx: Transaction, asset: Asset, source: SourceInfo, *, after: int) -> None:
    for n, (first_name, sound) in enumerate(wanted_sounds(ctx, source).items()):
        name = rules.name_anew(asset, first_name)
        await tx.execute(
            """
            INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, parameters, state)
            VALUES ($1, $2, 'audio', $3, $4, $5, 'encoding')
            """,
            asset.asset_id, name, after + n, sound.made_as, sound,
        )  # fmt: skip
        await enqueue(
            tx, encode_sound, EncodeAudio(asset.asset_id, name), priority=LAST, key=f"{asset.asset_id}:{name}"
        )
