"""A page marker brings back exactly the keys it was made of, and nothing else is accepted as one."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.db import BadCursor, decode_cursor, encode_cursor, page_of


@given(st.text(), st.integers(-(2**53), 2**53), st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_keys_come_back_as_their_types(text: str, number: int, time: datetime, key: UUID) -> None:
    assert decode_cursor(encode_cursor(text, number, time, key), str, int, datetime, UUID) == (text, number, time, key)


@pytest.mark.parametrize("text", ["", "x", "%%%", "é", "a" * 2000, encode_cursor("one"), encode_cursor(1, 2, 3)])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(text, int, UUID)


@given(st.text())
def test_no_text_makes_the_decoder_fail_otherwise(text: str) -> None:
    try:
        decode_cursor(text, UUID)
    except BadCursor:
        pass


def test_a_cursor_needs_no_escaping_in_a_url() -> None:
    assert set(encode_cursor("ÿþý?&=/+", uuid4())) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


def test_one_row_more_than_asked_for_means_there_is_a_next_page() -> None:
    page = page_of([1, 2, 3], 2, lambda n: (n,))
    assert page.items == [1, 2]
    assert page.next is not None
    assert decode_cursor(page.next, int) == (2,)


def test_the_last_page_has_no_next() -> None:
    assert page_of([1, 2], 2, lambda n: (n,)).next is None
    assert page_of([], 2, lambda n: (n,)).items == []
