"""Which pictures of a film are wanted here, by the settings."""

from octavo.kernel.context import Context
from octavo.kernel.media.encode import Rung, SourceInfo, ladder


def wanted_rungs(ctx: Context, source: SourceInfo) -> tuple[Rung, ...]:
    """The ladder that every player knows, highest first."""
    return ladder(source, most_lines=ctx.settings.media.most_lines)
