"""Reads SRT and WebVTT (https://www.w3.org/TR/webvtt1/) into cues, and says in which line a file goes wrong."""

import re
from collections.abc import Iterator

from octavo.kernel.media.subtitles.rows import Cue
from octavo.kernel.media.subtitles.rules import MOST_CUES, BadSubtitles
from octavo.kernel.media.subtitles.webvtt import cue_text

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(.*))?\s*")
_SETTING = re.compile(r"(?:vertical:(?:rl|lr)|(?:line|position|size):[\d.%,a-z-]+|align:[a-z]+)")
_NOT_SHOWN = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_LOOKS_LIKE_TIME = re.compile(r"\d:\d|-->|^\s*\d+\s*$")
_AT_THE_TOP = re.compile(r"\{\\an?[789]\}")  # what SubRip files borrow from ASS
_EXPECTED = "a time is expected here, such as 00:01:02.500 --> 00:01:05.000."


class _Block:
    """Lines without an empty one between them; `number` is that of the first."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lines: list[str] = []


def parse(text: str) -> list[Cue]:
    """The cues in the order of their times. Raises BadSubtitles."""
    is_webvtt = re.match(r"WEBVTT(?:[ \t].*)?(?:\n|$)", text) is not None
    cues = list(_webvtt(text) if is_webvtt else _srt(text))
    if not cues:
        raise BadSubtitles(1, "there are no subtitles in this file. It should be SRT or WebVTT.")
    if len(cues) > MOST_CUES:
        raise BadSubtitles(1, f"there are {len(cues)} subtitles in this file, and at most {MOST_CUES} are taken.")
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def _webvtt(text: str) -> Iterator[Cue]:
    for block in list(_blocks(text))[1:]:
        if not _NOT_SHOWN.match(block.lines[0]):
            yield from _cue(block, webvtt=True)


def _srt(text: str) -> Iterator[Cue]:
    """A block without anything like a time goes on with the one before: some editors leave empty lines in a cue."""
    whole: list[_Block] = []
    for block in _blocks(text):
        if whole and not any(_LOOKS_LIKE_TIME.search(line) for line in block.lines):
            whole[-1].lines += block.lines
        else:
            whole.append(block)
    for block in whole:
        yield from _cue(block, webvtt=False)


def _blocks(text: str) -> Iterator[_Block]:
    block = None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            if block:
                yield block
            block = None
            continue
        block = block or _Block(number)
        block.lines.append(line)
    if block:
        yield block


def _cue(block: _Block, *, webvtt: bool) -> Iterator[Cue]:
    """Nothing for a cue that shows nothing."""
    at = 0 if "-->" in block.lines[0] else 1
    if at >= len(block.lines):
        raise BadSubtitles(block.number, _EXPECTED)
    start, end, rest = _timing(block.lines[at], block.number + at)
    lines = block.lines[at + 1 :]
    for number, line in enumerate(lines, start=block.number + at + 1):
        if "-->" in line:
            raise BadSubtitles(number, "an empty line is missing before this subtitle.")
    text = "\n".join(filter(None, (cue_text(line) for line in lines)))
    settings = " ".join(filter(_SETTING.fullmatch, rest.split())) if webvtt else ""
    if not webvtt and any(_AT_THE_TOP.search(line) for line in lines):
        settings = "line:0"
    if text and end > start:
        yield Cue(start, end, text, settings)


def _timing(line: str, number: int) -> tuple[int, int, str]:
    match = _TIMING.fullmatch(line)
    if match is None:
        raise BadSubtitles(number, _EXPECTED)
    start, end = (_milliseconds(match.groups()[first : first + 4], number) for first in (0, 4))
    if end < start:
        raise BadSubtitles(number, "this subtitle ends before it begins.")
    return start, end, match[9] or ""


def _milliseconds(parts: tuple[str | None, ...], number: int) -> int:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    if minutes > 59 or seconds > 59:
        raise BadSubtitles(number, "minutes and seconds go from 0 to 59.")
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((parts[3] or "0").ljust(3, "0"))
