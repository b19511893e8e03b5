"""The plain path of a film itself: a progressive MP4, or motion JPEG for who asks for that."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response, StreamingResponse

from octavo.kernel.article import caller
from octavo.kernel.context import Context
from octavo.kernel.http import FileRange, Limit, Request, Router, public
from octavo.kernel.media import Export, best_progressive, export_named, motion, request_export
from octavo.kernel.refusals import Unavailable
from octavo.products.video.plain.titles import title_of

api = Router("", product="video")
STREAMS = Limit("video.plain_streams", 3600, per=3600)
MOST_LINES = 720  # of the rung that is sent to whom nothing is known of
PATIENCE, LOOK_EACH = 20.0, 0.1  # seconds: copying a rung takes few


@api.get(
    "/video/{video_id}", access=public, summary="A film as one file, or as pictures", limit=STREAMS, documented=False
)
async def stream_video(ctx: Context, request: Request, video_id: str) -> FileRange | Response:
    ctx = await caller(ctx, request)
    title = await title_of(ctx, video_id)
    if title.asset_id is None or not title.watchable:
        raise Unavailable("The film of this title is not ready. Try again later.")
    offer = await best_progressive(ctx, title.asset_id, most_lines=MOST_LINES)
    export = await _ready(ctx, await request_export(ctx, title.asset_id, offer.name))
    if "multipart/x-mixed-replace" in (request.header(b"accept") or ""):
        motion.check_room()
        headers = {"Content-Type": motion.CONTENT_TYPE, "Cache-Control": "no-store"}
        return StreamingResponse(_pictures(ctx, export), headers=headers)
    source = await ctx.blobs.opened(export.key)
    return FileRange(source, content_type=offer.content_type, etag=export.sha256[:32])


async def _ready(ctx: Context, export: Export) -> Export:
    """Raises Unavailable where it takes longer than a client waits, or cannot be made."""
    for _ in range(round(PATIENCE / LOOK_EACH)):
        if export.state != "waiting":
            break
        await asyncio.sleep(LOOK_EACH)
        export = await export_named(ctx.db.main, export.asset_id, export.name) or export
    if export.state != "ready":
        raise Unavailable(export.failure or "The file is still being made of the film. Try again in a minute.")
    return export


async def _pictures(ctx: Context, export: Export) -> AsyncGenerator[bytes, None]:
    async with ctx.blobs.local_copy(export.key) as path, aclosing(motion.motion_jpeg(path)) as pictures:
        async for block in pictures:
            yield block
