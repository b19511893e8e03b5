"""Subtitles of a film that still grows, in the parts that players fetch beside the segments of the picture."""

from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.delivery import queries
from octavo.kernel.media.delivery.rows import MediaFile
from octavo.kernel.media.subtitles.parsing import parse
from octavo.kernel.media.subtitles.rows import Cue
from octavo.kernel.media.subtitles.webvtt import shown_between, write_webvtt

FILE_SECONDS, CUES_SECONDS = 10.0, 120.0


async def subtitle_part(ctx: Context, asset_id: AssetId, version: int, name: str, start: int, end: int) -> bytes:
    """What is shown from `start` to `end`, in milliseconds, as a file of its own. Raises NotFound."""

    async def find() -> MediaFile:
        return await queries.text_file(ctx.db.main, asset_id, version, name, form="growing")

    file = await ctx.engines.cache.get_or_load(f"media.text:{asset_id}@{version}/{name}", find, ttl=FILE_SECONDS)

    async def read() -> list[Cue]:
        return parse((await ctx.blobs.get(file.key)).decode())

    cues = await ctx.engines.cache.get_or_load(f"media.cues:{asset_id}:{file.sha256}", read, ttl=CUES_SECONDS)
    return write_webvtt(shown_between(cues, start, end))
