"""What is known of numbers."""

import pytest

from octavo.products.comms.lookup.rules import line_of, looked_at, name_of


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("+141599299600", "TOO_LONG"),
        ("+1415", "TOO_SHORT"),
        ("+999123456789", "INVALID_COUNTRY_CODE"),
        ("hello", "NOT_A_NUMBER"),
        ("+15005550006000000000", "TOO_LONG"),
        ("+11234567890", "INVALID_BUT_POSSIBLE"),
    ],
)
def test_a_number_that_is_not_valid_says_why(text: str, error: str) -> None:
    found = looked_at(text)
    assert (found.valid, found.errors, found.number, found.country) == (False, (error,), text, "")


def test_a_number_is_read_as_people_of_its_country_write_it() -> None:
    british = looked_at("07400 123456", "gb")
    assert (british.number, british.calling_code, british.country) == ("+447400123456", "44", "GB")
    assert british.national_format == "07400 123456"
    assert looked_at("(415) 205-1240").number == "+14152051240"


def test_lines_are_told_by_the_numbering_plan_where_it_does() -> None:
    assert line_of("+447400123456").type == "mobile"
    assert line_of("+441212345678").type == "landline"
    assert line_of("+18002526592").type == "tollFree"
    assert line_of("+14152051240", is_ours=True).type == "nonFixedVoip"


def test_the_register_says_the_same_each_time_and_is_no_real_network() -> None:
    numbers = [f"+1415205{last:04}" for last in range(1000, 1200)]
    lines = [line_of(number) for number in numbers]
    assert lines == [line_of(number) for number in numbers]
    assert {line.type for line in lines} == {"mobile", "landline", "fixedVoip"}
    assert {line.country_code for line in lines if line.type == "mobile"} == {"001"}
    assert name_of(numbers[0]) == name_of(numbers[0])
