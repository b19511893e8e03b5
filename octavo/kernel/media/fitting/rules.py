"""Which films have their ladder fitted."""

from octavo.kernel.media.encode import SourceInfo, samples_of
from octavo.settings.media import MediaSettings


def is_fitted(settings: MediaSettings, source: SourceInfo) -> bool:
    """Where the setting wants it and the film is long enough to be worth the time. Hardware has no such tools."""
    return settings.per_title and bool(samples_of(source))
