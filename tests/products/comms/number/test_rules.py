"""What is a telephone number, and what kind."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.number import rules


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+14155550100", "+14155550100"),
        ("+1 (415) 555-0100", "+14155550100"),
        ("+44 7400 123456", "+447400123456"),
        ("4155550100", None),
        ("+1415", None),
        ("+0123456789", None),
        ("+1234567890123456", None),
        ("+1415555O100", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_e164_or_not_at_all(text: str, number: str | None) -> None:
    assert rules.parse_e164(text) == number


@given(st.integers(2_000_000_000, 9_999_999_999))
def test_the_short_way_for_north_america_finds_what_the_library_finds(national: int) -> None:
    number = f"+1{national}"
    found = phonenumbers.parse(number)
    assert rules._parsed(number) == found
    assert rules.parse_e164(number) == (number if phonenumbers.is_possible_number(found) else None)
    assert rules.country_of(number) == (phonenumbers.region_code_for_number(found) or "")


def test_a_number_tells_its_country_and_kind() -> None:
    assert (rules.country_of("+14155550100"), rules.kind_of("+14152051240")) == ("US", "local")
    assert (rules.country_of("+447400123456"), rules.kind_of("+447400123456")) == ("GB", "mobile")
    assert rules.kind_of("+18002526592") == "tollfree"
    assert rules.kind_of("+19002345678") is None  # premium rate


@pytest.mark.parametrize("number", ["+1234567890", "+15005550001", "123", "", "+19002345678"])
def test_what_no_plan_gives_out_cannot_be_bought(number: str) -> None:
    with pytest.raises(CommsRefusal) as refused:
        rules.check_buyable(number)
    assert refused.value.number == 21421


def test_letters_of_the_keypad_are_digits() -> None:
    assert rules.check_buyable("+1415205KYLE") == "+14152055953"
