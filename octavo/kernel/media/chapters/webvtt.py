"""Chapters as a WebVTT track (https://www.w3.org/TR/webvtt1/, section 5.2), which players and browsers read."""

from collections.abc import Sequence

from octavo.kernel.media.chapters.rows import Chapter
from octavo.kernel.media.subtitles.rows import Cue
from octavo.kernel.media.subtitles.webvtt import escaped, write_webvtt


def webvtt_chapters(chapters: Sequence[Chapter], duration: float) -> str:
    """A cue each, up to the next one or the end of the film. Empty without chapters."""
    ends = [*(chapter.start_ms for chapter in chapters[1:]), round(duration * 1000)]
    cues = [
        Cue(chapter.start_ms, max(end, chapter.start_ms + 1), escaped(chapter.title))
        for chapter, end in zip(chapters, ends, strict=False)
    ]
    return write_webvtt(cues).decode()
