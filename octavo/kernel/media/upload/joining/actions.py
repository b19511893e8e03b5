"""Joining the parts of a final upload: their bytes are received once more, from our own disk."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.places import upload_spool
from octavo.kernel.media.upload import queries
from octavo.kernel.media.upload.finishing import finish_upload
from octavo.kernel.media.upload.receiving import Receiving, resumed
from octavo.kernel.media.upload.rows import Upload
from octavo.kernel.media.upload.spool import locked_spool
from octavo.kernel.refusals import Gone

BLOCK = 1 << 20


class PartLost(Gone):
    title = "A part of this upload is no longer there"


async def join_parts(ctx: Context, asset_id: AssetId) -> None:
    """Append part after part, and finish. A crash goes on where the row says. Raises PartLost, and what receiving does.

    The parts end anywhere, so their own hashes of 8 MiB pieces cannot be used again: the whole is hashed as it grows.
    """
    async with locked_spool(upload_spool(ctx.blobs, asset_id)) as spool:
        upload = await queries.find_upload(ctx.db.main, asset_id)
        if upload is None or upload.finished_at is not None:
            spool.path.unlink(missing_ok=True)
            return
        upload = await resumed(ctx, upload, spool)
        parts = await queries.uploads_of(ctx.db.main, upload.parts)
        body = _stored([parts[part_id] for part_id in upload.parts if part_id in parts], ctx, upload.received)
        upload = replace(upload, received=await Receiving(ctx, upload, spool).run(body))
        if not upload.whole:
            raise PartLost("A part of this file was lost on the server. Please upload it again.")
        await finish_upload(ctx, upload, spool)


async def _stored(parts: Sequence[Upload], ctx: Context, start: int) -> AsyncIterator[bytes]:
    """The bytes of the parts one after the other, from `start` on."""
    for part in parts:
        skipped = min(start, part.length)
        start -= skipped
        path = upload_spool(ctx.blobs, part.asset_id)
        for at in range(skipped, part.length, BLOCK):
            yield await asyncio.to_thread(_read, path, at, min(BLOCK, part.length - at))


def _read(path: Path, at: int, length: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(at)
            block = file.read(length)
    except FileNotFoundError:
        block = b""
    if len(block) < length:
        raise PartLost("A part of this file was lost on the server. Please upload it again.")
    return block
