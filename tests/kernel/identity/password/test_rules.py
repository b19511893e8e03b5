"""Which passwords are accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.identity.password.rules import normal_password, password_fault


@pytest.mark.parametrize(
    "password",
    [
        "seven grey herons",
        "mountain-river-7",
        "tr0ub4dor&3x",
        "zq8vkw2mxp",
        "всё хорошо сегодня",
        "🦉🦉 at the old mill",
    ],
)
def test_long_and_unusual_is_enough(password: str) -> None:
    assert password_fault(password) is None


@pytest.mark.parametrize("password", ["", "short", "ninechars", "x" * 300])
def test_length_is_the_only_rule_of_form(password: str) -> None:
    fault = password_fault(password)
    assert fault
    assert "characters" in fault


@pytest.mark.parametrize(
    "password",
    ["password12", "Password123!", "P4ssw0rd!!", "1234567890", "0987654321", "qwertyuiop", "1q2w3e4r5t", "aaaaaaaaaaaa",
     "abcabcabcabc", "letmein2024", "iloveyou1234567890", "welcome welcome", "hunter2hunter2", "QWERTYqwerty"],
)  # fmt: skip
def test_what_everyone_tries_first_is_refused(password: str) -> None:
    assert password_fault(password) == "This is one of the first passwords that others would try. Choose another."


@pytest.mark.parametrize("password", ["my dorothea 55", "DOROTHEA-and-toto", "write to dorothea@kansas.example"])
def test_a_password_does_not_tell_the_account_it_opens(password: str) -> None:
    fault = password_fault(password, names=("dorothea", "dorothea@kansas.example"))
    assert fault == "Leave your name, username and address out of the password."


def test_short_names_may_turn_up_by_chance() -> None:
    assert password_fault("seven grey herons", names=("eve", "n@x.org")) is None


def test_the_same_word_typed_on_two_keyboards_is_one_password() -> None:
    assert normal_password("cafe\u0301 noir 33") == normal_password("caf\u00e9 noir 33")


@given(st.text(max_size=300))
def test_whatever_is_typed_as_a_password_gets_an_answer(text: str) -> None:
    assert password_fault(text) is None or len(password_fault(text) or "") > 10
