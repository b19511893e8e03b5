"""Which addresses and usernames are accepted, and which spellings are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.identity.claim.rules import email_fault, email_key, normal_username, username_fault, username_key

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=12)


@pytest.mark.parametrize("name", ["ada", "Ada.Okafor", "a_b-c.d9", "日本太郎", "łukasz", "राहुलजी", "ёлка", "x" * 30])
def test_names_of_many_places_are_accepted(name: str) -> None:
    assert username_fault(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "x" * 31,
        "12345",
        "a b c",
        "ada@home",
        "-ada",
        "ada.",
        "a..b",
        "a._b",
        "ada\u202eoof",
        "ada\x00",
        "🙂🙂🙂",
    ],
)
def test_names_that_could_not_be_shown_or_typed_are_refused(name: str) -> None:
    assert username_fault(name)


@pytest.mark.parametrize("name", ["admin", "Support", "0ctavo", "аdmin", "root"])
def test_names_that_speak_for_the_site_are_reserved(name: str) -> None:
    assert username_fault(name)


def test_two_alphabets_do_not_mix_in_one_name() -> None:
    assert username_fault("pаypal") == "Use letters of one alphabet only."  # the first a is Cyrillic


@pytest.mark.parametrize("lookalike", ["PayPal", "paypa1", "раураl", "ｐａｙｐａｌ"])
def test_names_that_a_reader_could_confuse_share_a_key(lookalike: str) -> None:
    assert username_key(lookalike) == username_key("paypal")


def test_a_capital_i_cannot_pass_for_a_small_l() -> None:
    assert normal_username("paypaI") == "paypai"


@given(LETTERS)
def test_case_never_makes_a_second_name(name: str) -> None:
    assert username_key(name.upper()) == username_key(name.lower()) == username_key(f" {name} ")


@given(st.text(max_size=40))
def test_whatever_is_typed_as_a_username_gets_an_answer(text: str) -> None:
    if username_fault(text) is None:
        kept = normal_username(text)
        assert normal_username(kept) == kept
        assert username_fault(kept) is None
        assert "@" not in kept


@pytest.mark.parametrize("email", ["ada@example.org", "a.b+films@mail.example.co.uk", "ada@münchen.de", "用户@例え.jp"])
def test_ordinary_addresses_are_accepted(email: str) -> None:
    assert email_fault(email) is None


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "ada@host", "a..b@example.org", "a@-x.org", "a@x..org",
              "a@b@example.org", "<a@example.org>", "a" * 65 + "@example.org", "a@" + "b" * 250 + ".org"],
)  # fmt: skip
def test_what_no_mail_server_takes_is_refused(email: str) -> None:
    assert email_fault(email)


def test_case_and_alphabet_of_the_host_do_not_make_another_address() -> None:
    assert email_key("Ada@EXAMPLE.org ") == email_key("ada@example.org")
    assert email_key("ada@MÜNCHEN.de") == email_key("ada@xn--mnchen-3ya.de")


def test_dots_and_tags_make_another_address() -> None:
    assert len({email_key("a.b@example.org"), email_key("ab@example.org"), email_key("ab+c@example.org")}) == 3


@given(st.text(max_size=60))
def test_whatever_is_typed_as_an_address_gets_an_answer(text: str) -> None:
    if email_fault(text) is None:
        assert email_key(text) == email_key(email_key(text))
