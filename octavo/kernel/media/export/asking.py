"""Asking for exports: a file is made once somebody wants it."""

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.events import wake_after
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.asset.rules import topic
from octavo.kernel.media.export import queries, rules
from octavo.kernel.media.export.jobs import copy_tracks, encode_export
from octavo.kernel.media.export.rows import Export, MakeExport, Offer
from octavo.kernel.refusals import NotFound


async def offers_of(ctx: Context, asset_id: AssetId) -> list[Offer]:
    """What can be asked for. Raises NotFound, FilmNotWhole."""
    async with ctx.db.main.transaction() as tx:
        return await _offers(tx, asset_id)


async def best_progressive(ctx: Context, asset_id: AssetId, *, most_lines: int) -> Offer:
    """The MP4 for whom nothing is known of. Raises NotFound, FilmNotWhole, NoSuchExport."""
    return rules.best_progressive(await offers_of(ctx, asset_id), most_lines=most_lines)


async def request_export(ctx: Context, asset_id: AssetId, name: str) -> Export:
    """The file, on its way if it is not there. Raises NotFound, FilmNotWhole, NoSuchExport."""
    async with ctx.db.main.transaction() as tx:
        offer = rules.offered(name, await _offers(tx, asset_id))
        there = await queries.export_named(tx, asset_id, name)
        if there is None or there.state != "ready":
            await tx.execute(
                """
                INSERT INTO media.export (asset_id, name, state, requested_at) VALUES ($1, $2, 'waiting', $3)
                ON CONFLICT (asset_id, name) DO UPDATE
                SET state = 'waiting', failure = '', finished_at = NULL, key = '', sha256 = '', bytes = 0, rung = '',
                    progress = CASE WHEN export.state = 'waiting' THEN export.progress ELSE 0 END
                """,
                asset_id,
                name,
                ctx.now,
            )
            # Copying takes seconds, and somebody waits for it. A job that is on its way already is not doubled.
            job = copy_tracks if offer.form == "mp4" else encode_export
            await enqueue(tx, job, MakeExport(asset_id, name), key=f"{asset_id}:export:{name}")
            wake_after(tx, topic(asset_id))
        found = await queries.export_named(tx, asset_id, name)
    assert found is not None
    return found


async def _offers(tx: Transaction, asset_id: AssetId) -> list[Offer]:
    asset = await lock_asset(tx, asset_id)
    if asset is None or asset.state == "deleted":
        raise NotFound("There is no such film here.")
    rules.check_whole(asset)
    return rules.offers(await queries.tracks_of(tx, asset_id), min(asset.width, asset.height) or 480)
