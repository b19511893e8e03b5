"""Which films have their ladder fitted."""

from collections.abc import Sequence

from octavo.kernel.media.encode import Rung, SourceInfo, samples_of
from octavo.settings.media import MediaSettings


def is_fitted(settings: MediaSettings, source: SourceInfo, rungs: Sequence[Rung]) -> bool:
    """Where the setting wants it and the film is long enough to be worth the time. Hardware has no such tools."""
    software = not any(rung.encoder for rung in rungs)
    return settings.per_title and software and bool(samples_of(source))
