"""Chapters as people write them: a line each, its time first, as in `1:02:03 The river`."""

import re
from collections.abc import Sequence

from octavo.kernel.media import BadChapters, Chapter

_LINE = re.compile(r"\s*(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?(?:\s*[-–—]\s+|\s+)(\S.*)")


def read_chapters(written: str) -> list[Chapter]:
    """Empty lines count for nothing. Raises BadChapters, with the number of the line among those with text."""
    lines = [line for line in written.splitlines() if line.strip()]
    return [_chapter(place, line) for place, line in enumerate(lines, start=1)]


def written_chapters(chapters: Sequence[Chapter]) -> str:
    return "\n".join(f"{_time(chapter.start_ms)} {chapter.title}" for chapter in chapters)


def _chapter(place: int, line: str) -> Chapter:
    match = _LINE.fullmatch(line)
    if match is None:
        raise BadChapters(place, "write its time and then its title, such as 12:34 The river.")
    hours, minutes, seconds = (int(part or 0) for part in match.group(1, 2, 3))
    if seconds > 59 or (hours and minutes > 59):
        raise BadChapters(place, "minutes and seconds go from 0 to 59.")
    milliseconds = int((match[4] or "").ljust(3, "0"))
    return Chapter(((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds, match[5].strip())


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    whole = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
    return f"{whole}.{rest:03}" if rest else whole
