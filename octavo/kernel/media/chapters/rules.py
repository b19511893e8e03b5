"""What chapters must be like, and which of a source's are worth keeping."""

from collections.abc import Iterable, Sequence

from octavo.kernel.film import SourceInfo
from octavo.kernel.media.chapters.rows import Chapter
from octavo.kernel.refusals import Invalid, NotFound

MOST_CHAPTERS = 500
TITLE_LENGTH = 120


class BadChapters(Invalid):
    """`place` is that of the chapter which is wrong, counted from 1."""

    title = "These chapters cannot be kept"

    def __init__(self, place: int, problem: str) -> None:
        sentence = f"Chapter {place}: {problem}"
        super().__init__(sentence, fields={"chapters": sentence}, place=place)
        self.place = place


class FilmGone(NotFound):
    title = "This film is no longer here"


def checked(chapters: Sequence[Chapter], duration: float) -> list[Chapter]:
    """In the order of their times, with tidy titles. A `duration` of 0 is not known yet. Raises BadChapters."""
    if len(chapters) > MOST_CHAPTERS:
        raise BadChapters(MOST_CHAPTERS + 1, f"a film has at most {MOST_CHAPTERS} chapters.")
    seen: set[int] = set()
    for place, chapter in enumerate(chapters, start=1):
        if chapter.start_ms < 0:
            raise BadChapters(place, "it begins before the film does.")
        if duration and chapter.start >= duration:
            raise BadChapters(place, "it begins after the film has ended.")
        if chapter.start_ms in seen:
            raise BadChapters(place, "another chapter begins at the same time.")
        if not _tidy(chapter.title):
            raise BadChapters(place, "it needs a title.")
        if len(_tidy(chapter.title)) > TITLE_LENGTH:
            raise BadChapters(place, f"its title may have at most {TITLE_LENGTH} characters.")
        seen.add(chapter.start_ms)
    return _in_order(Chapter(chapter.start_ms, _tidy(chapter.title)) for chapter in chapters)


def chapters_of_source(source: SourceInfo) -> list[Chapter]:
    """On the film's own clock, which begins with its first frame. A single one says nothing, and is left out."""
    found: dict[int, Chapter] = {}
    for n, chapter in enumerate(source.chapters, start=1):
        start = max(0, round((chapter.start - source.video.start) * 1000))
        if start < source.duration * 1000:
            title = _tidy(chapter.title)[:TITLE_LENGTH] or f"Chapter {n}"
            found.setdefault(start, Chapter(start, title))
    return _in_order(found.values()) if len(found) > 1 else []


def _in_order(chapters: Iterable[Chapter]) -> list[Chapter]:
    return sorted(chapters, key=lambda chapter: chapter.start_ms)


def _tidy(title: str) -> str:
    return " ".join("".join(mark if mark.isprintable() else " " for mark in title).split())
