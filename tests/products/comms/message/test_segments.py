"""How many short messages a text takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.products.comms.message.segments import (
    GSM_BASIC,
    GSM_EXTENDED,
    segments_of,
    smart_encoded,
)

basic = st.text(st.sampled_from(GSM_BASIC), max_size=1600)
gsm = st.text(st.sampled_from(GSM_BASIC + GSM_EXTENDED), max_size=1600)
anything = st.text(max_size=1600)


@pytest.mark.parametrize(
    ("body", "encoding", "count"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),  # an escape is never parted from its character
        ("ж" * 70, "UCS-2", 1),
        ("ж" * 71, "UCS-2", 2),
        ("ж" * 134, "UCS-2", 2),
        ("ж" * 135, "UCS-2", 3),
        ("👍" * 35, "UCS-2", 1),
        ("👍" * 36, "UCS-2", 2),
        ("👍" * 67, "UCS-2", 3),  # 33 pairs to a part: the 67th unit stays empty
        ("’", "UCS-2", 1),
    ],
)
def test_texts_at_the_edges(body: str, encoding: str, count: int) -> None:
    assert segments_of(body) == (encoding, count)


def test_the_alphabet_has_127_characters_and_ten_behind_an_escape() -> None:
    assert len(set(GSM_BASIC)) == len(GSM_BASIC) == 127
    assert len(set(GSM_EXTENDED)) == len(GSM_EXTENDED) == 10


@given(basic)
def test_plain_texts_fill_their_parts(body: str) -> None:
    expected = 1 if len(body) <= 160 else -(-len(body) // 153)
    assert segments_of(body) == ("GSM-7", expected)


@given(anything)
def test_a_longer_text_never_takes_fewer_parts(body: str) -> None:
    encoding, count = segments_of(body)
    longer_encoding, longer = segments_of(body + "ж")
    assert longer >= count or encoding != longer_encoding
    assert 1 <= count <= max(1, len(body))


@given(gsm)
def test_smart_encoding_leaves_what_fits_already(body: str) -> None:
    assert smart_encoded(body) == body


@given(anything)
def test_smart_encoding_is_done_once(body: str) -> None:
    assert smart_encoded(smart_encoded(body)) == smart_encoded(body)


def test_smart_encoding_makes_typography_plain() -> None:
    assert smart_encoded("“It’s here” – go…") == '"It\'s here" - go...'
    assert smart_encoded("It’s 👍") == "It’s 👍"
