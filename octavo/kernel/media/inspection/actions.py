"""Mending what an inspection found, as far as that loses nothing: what cannot be made again is left as it is."""

import asyncio
import shutil

from octavo.kernel.context import Context
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.garbage.queries import named_files
from octavo.kernel.media.inspection.content import has_content
from octavo.kernel.media.inspection.rows import Fault, Mended
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.posters.actions import OWN, forget_poster
from octavo.kernel.media.processing.jobs import make_poster
from octavo.kernel.media.processing.rows import MakePoster
from octavo.kernel.media.renewal.actions import encode_anew
from octavo.kernel.media.renewal.queries import is_being_renewed
from octavo.kernel.media.renewal.rules import NotComplete
from octavo.kernel.media.upload.queries import find_upload
from octavo.kernel.media.upload.receiving import resumed
from octavo.kernel.media.upload.spool import locked_spool
from octavo.kernel.refusals import NotFound

LEFT = ""
BEING_ENCODED = "the film is encoded anew"
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
WITH_POSTER = ("playable", "complete")


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
        if asset is None or asset.state not in WITH_POSTER:
            return LEFT
        if fault.name.startswith(OWN):
            await forget_poster(ctx, tx, asset.asset_id, fault.name)
            return "forgotten: its owner can bring it again"
        await enqueue(tx, make_poster, MakePoster(asset.asset_id), key=f"{asset.asset_id}:poster")
    return "is made again"


async def _encode_anew(ctx: Context, fault: Fault) -> str:
    """Equal bytes come of a sound source, under the key of the damaged ones, by this encoder; else better ones."""
    assert fault.asset_id is not None
    files = await named_files(ctx.db.main, [fault.asset_id])
    source = next((file for file in files if file.kind == "source"), None)
    stored = await ctx.blobs.head(source.key) if source else None
    if source is None or stored is None or not await has_content(ctx, source, stored.size):
        return LEFT
    try:
        await encode_anew(ctx, fault.asset_id)
    except (NotComplete, NotFound):
        # Perhaps for another fault of the same film. One that has never been complete is not begun again.
        return BEING_ENCODED if await is_being_renewed(ctx.db.main, fault.asset_id) else LEFT
    return BEING_ENCODED


async def _forget_export(ctx: Context, fault: Fault) -> str:
    sql = "DELETE FROM media.export WHERE asset_id = $1 AND name = $2 AND key = $3"
    await ctx.db.main.execute(sql, fault.asset_id, fault.name, fault.place)
    await ctx.blobs.delete(fault.place)
    return "forgotten: it is made again when somebody asks for it"


async def _remove_rows(ctx: Context, fault: Fault) -> str:
    await ctx.db.main.execute(DELETE_ROWS[fault.place], fault.asset_id)
    return "removed"
