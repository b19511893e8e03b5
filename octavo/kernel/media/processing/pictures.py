"""Which pictures of a film are wanted here, by the settings."""

from octavo.kernel.context import Context
from octavo.kernel.media.encode import Rung, SourceInfo, ladder, on_hardware


async def wanted_rungs(ctx: Context, source: SourceInfo) -> tuple[Rung, ...]:
    """The ladder that every player knows, highest first."""
    media = ctx.settings.media
    return await on_hardware(ladder(source, most_lines=media.most_lines), media.hardware_encoder)
