"""Tokens, lifetimes, device names, and where signing in may lead."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.identity.session.rules import device_name, expiry, local_path, make_token, read_token
from octavo.kernel.ids import new_secret
from octavo.settings import IdentitySettings

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@given(st.uuids())
def test_a_token_names_its_user_and_hides_itself(user_id: UUID) -> None:
    token = make_token(user_id, new_secret())
    read = read_token(token)
    assert read is not None
    assert read.user_id == user_id
    assert len(read.hash) == 32
    assert token.encode() not in read.hash


@given(st.text(max_size=250) | st.text("oct_ABCxyz019-_=", min_size=50, max_size=210).map(lambda text: f"oct_{text}"))
def test_whatever_is_sent_as_a_token_gets_an_answer(text: str) -> None:
    read = read_token(text)
    assert read is None or isinstance(read.user_id, UUID)


def test_tokens_differ_in_every_character_that_counts() -> None:
    user_id = uuid4()
    token = make_token(user_id, new_secret())
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    first, second = read_token(token), read_token(other)
    assert first is not None
    assert second is not None
    assert first.hash != second.hash


def test_a_session_slides_with_use_up_to_its_greatest_age() -> None:
    settings = IdentitySettings(session_days=30, session_max_days=90)
    assert expiry(settings, NOON, NOON + timedelta(days=20)) == NOON + timedelta(days=50)
    assert expiry(settings, NOON, NOON + timedelta(days=80)) == NOON + timedelta(days=90)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("python-httpx/0.28", "python-httpx"),
        ("<script>alert(1)</script>", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_devices_are_named_in_words_their_owner_knows(user_agent: str, device: str) -> None:
    assert device_name(user_agent) == device


@pytest.mark.parametrize("path", ["/", "/video", "/video/titles/1?t=30#chapter", "/a//b", "/search?q=http://x.example"])
def test_signing_in_leads_back_to_a_page_of_this_site(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "video", "//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "\\\\elsewhere.example",
     "/\t/elsewhere.example", "/\n/elsewhere.example", "javascript:alert(1)", " //elsewhere.example"],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


@given(st.text(max_size=40) | st.text("/\\:.@?#\t\n a", max_size=12))
def test_wherever_signing_in_leads_is_the_same_host(path: str) -> None:
    assert urlsplit(urljoin("https://here.example/sign-in", local_path(path))).netloc == "here.example"
