"""SRT and WebVTT as people write them, in the encodings that they write them in, and how bad ones are refused."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.media.subtitles.decoding import decoded
from octavo.kernel.media.subtitles.parsing import parse
from octavo.kernel.media.subtitles.rows import Cue
from octavo.kernel.media.subtitles.rules import BadSubtitles
from octavo.kernel.media.subtitles.webvtt import cue_text, shifted, shown_between, write_webvtt

SRT = """1
00:00:01,000 --> 00:00:02,500
Où est la <i>gare</i> ?

2
00:01:02,5 --> 00:01:04,000  X1:40 X2:600
Là-bas,
derrière l’église.
"""
CUES = [
    Cue(1000, 2500, "Où est la <i>gare</i> ?"),
    Cue(62500, 64000, "Là-bas,\nderrière l’église."),
]
ENCODED = {
    "utf-8": SRT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + SRT.encode(),
    "utf-16 little-endian": codecs.BOM_UTF16_LE + SRT.encode("utf-16-le"),
    "utf-16 big-endian": codecs.BOM_UTF16_BE + SRT.encode("utf-16-be"),
    "utf-16 little-endian without a mark": SRT.encode("utf-16-le"),
    "utf-16 big-endian without a mark": SRT.encode("utf-16-be"),
    "windows-1252": SRT.encode("cp1252"),
    "carriage returns": SRT.replace("\n", "\r\n").encode(),
    "old carriage returns": SRT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_srt_is_read_in_every_encoding(encoding: str) -> None:
    assert parse(decoded(ENCODED[encoding])) == CUES


def test_webvtt_keeps_what_viewers_see_and_drops_the_rest() -> None:
    text = (
        "WEBVTT - made by hand\nKind: captions\n\nNOTE not shown\nat all\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:02.000 line:0 align:start region:west evil:1\n"
        "<v Ada>Tom &amp; <c.loud>Jerry</c> < Spike\n\n"
        "01:00:00.250 --> 01:00:01.000\n<font color=red>late</font><script>\n"
    )
    assert parse(text) == [
        Cue(1000, 2000, "<v Ada>Tom &amp; <c.loud>Jerry</c> &lt; Spike", "line:0 align:start"),
        Cue(3_600_250, 3_601_000, "late"),
    ]


def test_an_empty_line_inside_of_an_srt_cue_does_not_end_it() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nfirst\n\nsecond\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}third\n"
    assert parse(text) == [Cue(1000, 2000, "first\nsecond"), Cue(3000, 4000, "third", "line:0")]


GOOD = "1\n00:00:01,000 --> 00:00:02,000\nfine\n\n"
BAD = {
    "nothing": ("", 1),
    "no times": ("Hello\nworld\n", 2),
    "an arrow too short": (GOOD + "2\n00:00:03,000 -> 00:00:04,000\nx\n", 6),
    "a broken time": (GOOD + "2\n00:00:03 --> 00:00:04,000\nx\n", 6),
    "sixty-one seconds": (GOOD + "2\n00:00:61,000 --> 00:02:04,000\nx\n", 6),
    "an end before its beginning": (GOOD + "2\n00:00:05,000 --> 00:00:04,000\nx\n", 6),
    "cues without a line between": (GOOD.rstrip() + "\n2\n00:00:05,000 --> 00:00:06,000\nx\n", 5),
    "a number alone": (GOOD + "2\n", 5),
    "webvtt with a bad time": ("WEBVTT\n\nx\n00:aa.000 --> 00:02.000\nx\n", 4),
    "webvtt and nothing else": ("WEBVTT\n", 1),
}


@pytest.mark.parametrize("wrong", BAD)
def test_bad_ones_are_refused_with_the_line(wrong: str) -> None:
    text, line = BAD[wrong]
    with pytest.raises(BadSubtitles) as refused:
        parse(text)
    assert refused.value.line == line
    assert refused.value.detail.startswith(f"Line {line}: ")
    assert refused.value.fields["file"] == refused.value.detail


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"one\ntwo\n\x81\xff", 3), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"x" * 99, 3), (b"\xff\xfea\0\n\0b", 2)],
    ids=["no encoding", "a picture", "half a character"],
)
def test_what_is_no_text_is_refused_with_the_line(content: bytes, line: int) -> None:
    with pytest.raises(BadSubtitles) as refused:
        parse(decoded(content))
    assert refused.value.line == line


def test_times_before_the_film_are_left_out() -> None:
    cues = [Cue(0, 900, "before"), Cue(500, 2000, "across"), Cue(3000, 4000, "after")]
    assert shifted(cues, -1000) == [Cue(0, 1000, "across"), Cue(2000, 3000, "after")]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cs")), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 10**5), TEXT), min_size=1, max_size=5))
def test_what_is_written_is_read_again_as_it_was(drawn: list[tuple[int, int, str]]) -> None:
    cues = [Cue(start, start + length, shown) for start, length, text in drawn if (shown := cue_text(text))]
    cues.sort(key=lambda cue: (cue.start, cue.end))
    if cues:
        assert parse(decoded(write_webvtt(cues))) == cues


def test_a_cue_across_a_border_stands_on_both_sides_of_it() -> None:
    cues = [Cue(0, 1000, "a"), Cue(3000, 5000, "b"), Cue(4000, 4500, "c"), Cue(8000, 9000, "d")]
    parts = [[cue.text for cue in shown_between(cues, start, start + 4000)] for start in (0, 4000, 8000)]
    assert parts == [["a", "b"], ["b", "c"], ["d"]]
