"""Mending what an inspection found, as far as that loses nothing: what cannot be made again is left as it is."""

import asyncio
import shutil
from contextlib import suppress

from octavo.kernel.context import Context
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.garbage.queries import named_files
from octavo.kernel.media.inspection.content import has_content
from octavo.kernel.media.inspection.rows import Fault, Mended
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.posters.actions import OWN, forget_poster
from octavo.kernel.media.processing.poster import make_poster
from octavo.kernel.media.processing.rows import ExtractTexts, MakePoster, MakeStoryboard
from octavo.kernel.media.processing.storyboard import make_storyboard
from octavo.kernel.media.processing.texts import extract_texts
from octavo.kernel.media.renewal.actions import encode_anew
from octavo.kernel.media.renewal.queries import is_being_renewed
from octavo.kernel.media.renewal.rules import NotComplete
from octavo.kernel.media.subtitles.actions import forget_subtitle
from octavo.kernel.media.subtitles.queries import origin_of
from octavo.kernel.media.subtitles.rules import SubtitleNotFound
from octavo.kernel.media.upload.queries import find_upload
from octavo.kernel.media.upload.receiving import resumed
from octavo.kernel.media.upload.spool import locked_spool
from octavo.kernel.refusals import NotFound

LEFT = ""
BEING_ENCODED = "the film is encoded anew"
MADE_AGAIN = "is made again"
FORGOTTEN = "forgotten: its owner can bring it again"
DELETE_ROWS = {
    "media.rendition": "DELETE FROM media.rendition WHERE asset_id = $1",
    "media.manifest": "DELETE FROM media.manifest WHERE asset_id = $1",
    "media.export": "DELETE FROM media.export WHERE asset_id = $1",
    "media.chapter": "DELETE FROM media.chapter WHERE asset_id = $1",
    "media.poster": "DELETE FROM media.poster WHERE asset_id = $1",
    "media.storyboard": "DELETE FROM media.storyboard WHERE asset_id = $1",
    "media.subtitle": "DELETE FROM media.subtitle WHERE asset_id = $1",
    "media.upload": "DELETE FROM media.upload WHERE asset_id = $1",
}
PLAYS = ("playable", "complete")


async def mend(ctx: Context, fault: Fault) -> Mended:
    """Each kind of thing is mended in its own way, whatever is wrong with it."""
    if fault.asset_id is None and fault.kind != "folder":
        return Mended(fault, LEFT)  # none of ours: whoever put it there may want it
    match fault.kind:
        case "file":
            await ctx.blobs.delete(fault.place)
            return Mended(fault, "removed")
        case "spool" | "folder":
            return Mended(fault, await _mend_disk(ctx, fault))
        case "poster":
            return Mended(fault, await _make_poster(ctx, fault))
        case "track" | "chunk":
            return Mended(fault, await _encode_anew(ctx, fault))
        case "storyboard":
            return Mended(fault, await _draw_storyboard(ctx, fault))
        case "subtitle":
            return Mended(fault, await _extract_subtitle(ctx, fault))
        case "export":
            return Mended(fault, await _forget_export(ctx, fault))
        case "rows":
            return Mended(fault, await _remove_rows(ctx, fault))
        case _:
            return Mended(fault, LEFT)


async def _mend_disk(ctx: Context, fault: Fault) -> str:
    path = ctx.blobs.spool_dir / fault.place
    if fault.kind == "folder":
        await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
    elif fault.fault == "stray":
        path.unlink(missing_ok=True)
    else:
        return await _rewind(ctx, fault)
    return "removed"


async def _rewind(ctx: Context, fault: Fault) -> str:
    """The sender is told to go on further back."""
    assert fault.asset_id is not None
    async with locked_spool(upload_spool(ctx.blobs, fault.asset_id)) as spool:
        upload = await find_upload(ctx.db.main, fault.asset_id)
        if upload is None or upload.finished_at is not None:
            return "ended meanwhile"
        upload = await resumed(ctx, upload, spool)
    return f"goes on at byte {upload.received}"


async def _make_poster(ctx: Context, fault: Fault) -> str:
    assert fault.asset_id is not None
    async with ctx.db.main.transaction() as tx:
        asset = await lock_asset(tx, fault.asset_id)
        if asset is None or asset.state not in PLAYS:
            return LEFT
        if fault.name.startswith(OWN):
            await forget_poster(ctx, tx, asset.asset_id, fault.name)
            return FORGOTTEN
        await enqueue(tx, make_poster, MakePoster(asset.asset_id), key=f"{asset.asset_id}:poster")
    return MADE_AGAIN


async def _encode_anew(ctx: Context, fault: Fault) -> str:
    """Equal bytes come of a sound source, under the key of the damaged ones, by this encoder; else better ones."""
    assert fault.asset_id is not None
    if not await _has_source(ctx, fault.asset_id):
        return LEFT
    try:
        await encode_anew(ctx, fault.asset_id)
    except (NotComplete, NotFound):
        # Perhaps for another fault of the same film. One that has never been complete is not begun again.
        return BEING_ENCODED if await is_being_renewed(ctx.db.main, fault.asset_id) else LEFT
    return BEING_ENCODED


async def _has_source(ctx: Context, asset_id: AssetId) -> bool:
    """Whether what was uploaded is still there, byte by byte."""
    source = next((file for file in await named_files(ctx.db.main, [asset_id]) if file.kind == "source"), None)
    stored = await ctx.blobs.head(source.key) if source else None
    return source is not None and stored is not None and await has_content(ctx, source, stored.size)


async def _draw_storyboard(ctx: Context, fault: Fault) -> str:
    """Of the smallest track. A film that is encoded anew has it drawn in the end."""
    assert fault.asset_id is not None
    async with ctx.db.main.transaction() as tx:
        asset = await lock_asset(tx, fault.asset_id)
        if asset is None or asset.state != "complete":
            return BEING_ENCODED if await is_being_renewed(tx, fault.asset_id) else LEFT
        await enqueue(tx, make_storyboard, MakeStoryboard(asset.asset_id), key=f"{asset.asset_id}:storyboard")
    return MADE_AGAIN


async def _extract_subtitle(ctx: Context, fault: Fault) -> str:
    """Out of the source once more. Of what an owner has brought there is no other copy, so only what is lost goes."""
    assert fault.asset_id is not None
    of_owner = await origin_of(ctx.db.main, fault.asset_id, fault.name) == "owner"
    can_mend = fault.fault == "missing" if of_owner else await _has_source(ctx, fault.asset_id)
    if not can_mend:
        return LEFT
    async with ctx.db.main.transaction() as tx:
        asset = await lock_asset(tx, fault.asset_id)
        if asset is None or asset.state not in PLAYS:
            return LEFT
        if of_owner:
            with suppress(SubtitleNotFound):  # its owner was quicker
                await forget_subtitle(tx, asset.asset_id, fault.name)
            return FORGOTTEN
        key = f"{asset.asset_id}:texts:{fault.name}"
        await enqueue(tx, extract_texts, ExtractTexts(asset.asset_id, (fault.name,)), key=key)
    return MADE_AGAIN


async def _forget_export(ctx: Context, fault: Fault) -> str:
    sql = "DELETE FROM media.export WHERE asset_id = $1 AND name = $2 AND key = $3"
    await ctx.db.main.execute(sql, fault.asset_id, fault.name, fault.place)
    await ctx.blobs.delete(fault.place)
    return "forgotten: it is made again when somebody asks for it"


async def _remove_rows(ctx: Context, fault: Fault) -> str:
    await ctx.db.main.execute(DELETE_ROWS[fault.place], fault.asset_id)
    return "removed"
