"""Reads films that strangers upload: what they are, or why they are none.

The parsers run in a child process. This package stands low in the house so that the child starts quickly: it loads the
parsers and nothing else of Octavo.
"""

from octavo.kernel.film.formats import FILM_FORMATS, INDEXED_FORMATS, MOST_PIXELS
from octavo.kernel.film.languages import UNKNOWN, language_code, language_name, language_tag
from octavo.kernel.film.probe import NotAVideo, probe
from octavo.kernel.film.rows import AudioTrack, Chapter, FrameRate, SourceInfo, TextTrack, VideoTrack

__all__ = [
    "FILM_FORMATS",
    "INDEXED_FORMATS",
    "MOST_PIXELS",
    "UNKNOWN",
    "AudioTrack",
    "Chapter",
    "FrameRate",
    "NotAVideo",
    "SourceInfo",
    "TextTrack",
    "VideoTrack",
    "language_code",
    "language_name",
    "language_tag",
    "probe",
]
