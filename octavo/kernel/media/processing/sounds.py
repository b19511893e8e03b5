"""Which sounds of a film are wanted here, by the settings."""

from octavo.kernel.context import Context
from octavo.kernel.media.encode import Sound, SourceInfo, planned_sounds


def wanted_sounds(ctx: Context, source: SourceInfo) -> dict[str, Sound]:
    """By the names of their renditions."""
    media = ctx.settings.media
    return planned_sounds(source, surround=media.surround_sound, loudness=media.loudness)
