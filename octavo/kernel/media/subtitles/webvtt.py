"""Writes WebVTT: the one form in which subtitles are kept and played."""

import re
from collections.abc import Iterable

from octavo.kernel.media.subtitles.rows import Cue

_TAG = re.compile(r"<[^<>]*>")
# The tags of WebVTT cue text, section 4.2.2: classes and annotations in them, and nothing that a browser could run.
_KNOWN_TAG = re.compile(r"</?(?:b|i|u|c|v|lang|ruby|rt)(?:\.[\w-]+)*(?:[ \t][^<>&]*)?>|<(?:\d+:)?\d\d:\d\d\.\d{3}>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d+|#x[0-9a-fA-F]+);)")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # of ASS, as in "{\an8}": no player of WebVTT knows them


def write_webvtt(cues: Iterable[Cue]) -> bytes:
    """The same cues always give the same bytes."""
    blocks = [f"{_time(cue.start)} --> {_time(cue.end)} {cue.settings}".rstrip() + f"\n{cue.text}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks]).encode()


def shifted(cues: Iterable[Cue], by: int) -> list[Cue]:
    """The cues `by` milliseconds later; what would end before the film begins is left out."""
    return [Cue(max(0, cue.start + by), cue.end + by, cue.text, cue.settings) for cue in cues if cue.end + by > 0]


def shown_between(cues: Iterable[Cue], start: int, end: int) -> list[Cue]:
    """A cue that is shown across a border stands on both sides of it, whole (RFC 8216, 3.5)."""
    return [cue for cue in cues if cue.start < end and cue.end > start]


def cue_text(line: str) -> str:
    """A line with the tags that WebVTT knows; others are dropped, and stray marks are text."""
    line = _OVERRIDE.sub("", line.strip())
    kept, at = [], 0
    for tag in _TAG.finditer(line):
        kept.append(escaped(line[at : tag.start()]))
        if _KNOWN_TAG.fullmatch(tag[0]):
            kept.append(tag[0])
        elif not re.match(r"</?[a-zA-Z]", tag[0]):
            kept.append(escaped(tag[0]))
        at = tag.end()
    return "".join([*kept, escaped(line[at:])]).strip()


def escaped(text: str) -> str:
    """As cue text, with entities left as they are."""
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
