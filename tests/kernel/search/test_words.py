"""What counts as a word, and as the same word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.search import MOST_WORDS, words_of
from octavo.kernel.search.rules import hashed, tokens_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Your code is 4711, Straße 5!", ["your", "code", "is", "4711", "strasse", "5"]),
        ("ﬁne ＦＵＬＬ width", ["fine", "full", "width"]),
        ("don't snake_case", ["don", "t", "snake", "case"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("東京都 2026年", ["東", "京", "都", "東京", "京都", "2026", "年"]),
        ("한국어 문자", ["한국어", "문자"]),
        ("tea Tea TEA", ["tea"]),
        ("  —  🌍 ", []),
    ],
)
def test_texts_fall_into_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_long_text_is_found_by_its_beginning() -> None:
    assert len(words_of(" ".join(str(number) for number in range(2000)))) == MOST_WORDS


@given(st.text(max_size=200))
def test_words_are_words_of_themselves(text: str) -> None:
    for word in words_of(text):
        assert word in words_of(word) or len(word) == 64


def test_hashes_need_their_key() -> None:
    assert tokens_of("Tea", b"one key") == [hashed("tea", b"one key")] != [hashed("tea", b"another")]
    assert not set(tokens_of("Tea", b"one key")) & set(words_of("Tea " + hashed("tea", b"one key")))
