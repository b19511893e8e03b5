"""Tags, hashtags, links, and titles from file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.products.video.title import text


@pytest.mark.parametrize(
    ("description", "tags"),
    [
        ("Boats at #dawn in #Lagos.", ["dawn", "lagos"]),
        ("#Dawn, #DAWN and #dawn", ["dawn"]),
        ("Étude en #été et #Straße", ["été", "strasse"]),
        ("日本の #東京 から", ["東京"]),
        ("Take #1, a#b, &#39; and ## are no tags", []),
        ("See https://example.org/a#part", []),
        ("(#brackets) and \n#newline", ["brackets", "newline"]),
        ("#" + "x" * 51, []),
    ],
)
def test_hashtags_are_found_in_a_description(description: str, tags: list[str]) -> None:
    assert text.hashtags(description) == tags


def test_links_end_before_the_sentence_does() -> None:
    links = [span.href for span in text.spans("More (https://example.org/films). Or http://example.org/?q=1!")]
    assert [link for link in links if link] == ["https://example.org/films", "http://example.org/?q=1"]


def test_only_web_links_are_linked() -> None:
    assert [span.kind for span in text.spans("javascript:alert(1) data:text/html,x")] == ["text"]


@given(st.text(alphabet=st.sampled_from("#ab1_ \n.&/:htps-é東"), max_size=120) | st.text(max_size=120))
def test_the_pieces_of_a_description_are_the_description(description: str) -> None:
    assert "".join(span.text for span in text.spans(description)) == description


@given(st.text(max_size=80))
def test_a_tag_has_one_spelling(tag: str) -> None:
    once = text.normal_tag(tag)
    assert text.normal_tag(once) == once
    assert len(once) <= text.TAG_LENGTH
    assert once == once.strip()
    assert "#" not in once


@pytest.mark.parametrize(
    ("typed", "tag"), [("#Space Film", "space film"), ("  Sci-Fi ", "sci-fi"), ("###", ""), ("A\u0301", "á")]
)
def test_tags_are_cleaned(typed: str, tag: str) -> None:
    assert text.normal_tag(typed) == tag


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("harbour_at.dawn.mp4", "harbour at dawn"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Films\My holiday.MOV", "My holiday"),
        (".mp4", "Untitled film"),
        ("", "Untitled film"),
        ("a\x00b\x1b.mkv", "a b"),
    ],
)
def test_a_file_name_gives_a_first_title(filename: str, title: str) -> None:
    assert text.title_from_filename(filename) == title


@given(st.text(max_size=400))
def test_any_file_name_gives_a_title_that_can_be_stored(filename: str) -> None:
    title = text.title_from_filename(filename)
    assert 1 <= len(title) <= text.TITLE_LENGTH
    assert title.isprintable()
