"""Planning the further variants of a film that has just become complete."""

from itertools import groupby

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encode import Rung, ladder, plan_chunks
from octavo.kernel.media.further import queries
from octavo.kernel.media.further.rules import further_rungs
from octavo.kernel.media.processing.rows import EncodeChunk

AFTER_ALL = 1000  # places of renditions: behind those of the ladder and of the sounds


async def plan_further(ctx: Context, tx: Transaction, asset_id: AssetId) -> list[EncodeChunk]:
    """Those that the settings want and that are not planned yet, as chunks of one codec each; none of encrypted films.

    The caller enqueues them. Samples of AV1 and VP9 are not encrypted here, and the film would be open through them.
    """
    asset = await lock_asset(tx, asset_id)
    source = await queries.source_of(tx, asset_id)
    if asset is None or asset.encrypted or source is None:
        return []
    media = ctx.settings.media
    planned = await queries.planned_forms(tx, asset_id)
    rungs = further_rungs(media, source, ladder(source, most_lines=media.most_lines))
    rungs = tuple(rung for rung in rungs if rung.form not in planned)
    if not rungs:
        return []
    first = asset.manifest_version == (await queries.first_whole_version(tx, asset_id))
    names = {rung: rung.name if first else f"{rung.name}-{asset.manifest_version}" for rung in rungs}
    await _insert(tx, asset_id, names, await queries.next_place(tx, asset_id, AFTER_ALL))
    spans = plan_chunks(source)
    await tx.execute_many(
        """
        INSERT INTO media.chunk (asset_id, rendition, n, state, starts, ends, span)
        VALUES ($1, $2, $3, 'queued', $4, $5, $6)
        """,
        [(asset_id, name, one.n, one.start, one.end, one) for name in names.values() for one in spans],
    )
    forms = [tuple(names[rung] for rung in group) for _, group in groupby(rungs, key=lambda rung: rung.form)]
    return [EncodeChunk(asset_id, span.n, form) for form in forms for span in spans]


async def _insert(tx: Transaction, asset_id: AssetId, names: dict[Rung, str], place: int) -> None:
    await tx.execute_many(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, width, height, parameters, state)
        VALUES ($1, $2, 'video', $3, $4, $5, $6, $7, 'encoding')
        """,
        [
            (asset_id, name, place + n, rung.form, rung.width, rung.height, rung)
            for n, (rung, name) in enumerate(names.items())
        ],
    )
