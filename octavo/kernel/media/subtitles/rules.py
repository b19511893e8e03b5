"""What subtitles must be like, and how a menu calls them."""

from octavo.kernel.film import UNKNOWN, language_name, language_tag
from octavo.kernel.refusals import Conflict, Invalid, NotFound

MOST_BYTES = 2 << 20
MOST_CUES = 20_000
MOST_FILES = 100  # of one film
LABEL_LENGTH = 60


class BadSubtitles(Invalid):
    """`line` is where the file goes wrong, counted from 1."""

    title = "These subtitles cannot be read"

    def __init__(self, line: int, problem: str) -> None:
        sentence = f"Line {line}: {problem}"
        super().__init__(sentence, fields={"file": sentence}, line=line)
        self.line = line


class TooManySubtitles(Conflict):
    title = f"A film has at most {MOST_FILES} subtitle files. Remove one first."


class SubtitleNotFound(NotFound):
    title = "There are no such subtitles. They may have been removed."


def checked_language(written: str) -> str:
    """The BCP 47 tag. Raises Invalid for what is no language tag."""
    tag = language_tag(written)
    if tag == UNKNOWN:
        sentence = "Say the language by its tag, such as en, pt-BR or zh-Hant."
        raise Invalid(sentence, fields={"language": sentence})
    return tag


def label_of(written: str, tag: str) -> str:
    """What a menu shows: the owner's own words, else what its speakers call the language, else the tag."""
    return " ".join(written.split())[:LABEL_LENGTH] or language_name(tag) or tag
