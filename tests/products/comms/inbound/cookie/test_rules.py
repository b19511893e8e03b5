"""Which cookies go along with a request, and which of them an answer changes."""

from datetime import UTC, datetime, timedelta

import pytest

from octavo.products.comms.inbound.cookie.rows import Cookie
from octavo.products.comms.inbound.cookie.rules import LONGEST, MOST, changed, header

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
URL = "https://shop.example/sms/in"


def after(*said: str, cookies: list[Cookie] | None = None, url: str = URL, now: datetime = NOON) -> list[Cookie]:
    return changed(cookies or [], url, said, now)


def sent(cookies: list[Cookie], url: str = URL, now: datetime = NOON) -> str:
    return header(cookies, url, now)


def test_what_is_set_comes_back_as_it_was_written() -> None:
    kept = after("session=eyJhIjoxfQ.ZX==; HttpOnly; Path=/; SameSite=Lax", 'step="a b"; Path=/')
    assert sent(kept) == 'session=eyJhIjoxfQ.ZX==; step="a b"'


def test_the_latest_value_counts() -> None:
    assert sent(after("step=2; Path=/", cookies=after("step=1; Path=/", "other=x; Path=/"))) == "other=x; step=2"


@pytest.mark.parametrize("end", ["Max-Age=0", "Max-Age=-1", "Expires=Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_server_takes_its_cookie_back(end: str) -> None:
    assert after(f"step=; Path=/; {end}", cookies=after("step=1; Path=/")) == []


@pytest.mark.parametrize(
    ("lifetime", "seconds"),
    [
        ("", 4 * 3600),
        ("; Max-Age=60", 60),
        ("; Max-Age=31536000", 4 * 3600),
        ("; Expires=Thu, 01 Jan 2026 12:01:00 GMT", 60),
        ("; Expires=Thu, 01 Jan 2026 12:01:00 GMT; Max-Age=30", 30),
        ("; Expires=soon", 4 * 3600),
        ("; Max-Age=soon", 4 * 3600),
    ],
)
def test_a_cookie_ends_after_four_hours_at_the_latest(lifetime: str, seconds: int) -> None:
    kept = after(f"step=1; Path=/{lifetime}")
    assert sent(kept, now=NOON + timedelta(seconds=seconds - 1)) == "step=1"
    assert sent(kept, now=NOON + timedelta(seconds=seconds)) == ""


@pytest.mark.parametrize(
    ("path", "url", "goes_along"),
    [
        ("; Path=/", "https://shop.example", True),
        ("; Path=/sms", "https://shop.example/sms", True),
        ("; Path=/sms", "https://shop.example/sms/out", True),
        ("; Path=/sms", "https://shop.example/smse", False),
        ("", "https://shop.example/sms/out", True),
        ("", "https://shop.example/voice", False),
        ("; Path=elsewhere", "https://shop.example/sms/out", True),
    ],
)
def test_a_cookie_belongs_to_a_path(path: str, url: str, *, goes_along: bool) -> None:
    assert sent(after(f"step=1{path}"), url) == ("step=1" if goes_along else "")


def test_what_is_to_be_kept_from_eavesdroppers_goes_over_tls_alone() -> None:
    kept = after("step=1; Path=/; Secure")
    assert (sent(kept), sent(kept, URL.replace("https", "http"))) == ("step=1", "")


@pytest.mark.parametrize("said", ["", ";", "=", "no cookie", "a=\udcff", "a=" + "x" * LONGEST, "a b=1", "\0"])
def test_what_cannot_be_read_changes_nothing(said: str) -> None:
    before = after("step=1; Path=/")
    assert after(said, cookies=before) == before


def test_a_server_keeps_only_so_many() -> None:
    kept = after(*(f"c{number}=1; Path=/" for number in range(MOST + 5)))
    assert [one.name for one in kept] == [f"c{number}" for number in range(5, MOST + 5)]
