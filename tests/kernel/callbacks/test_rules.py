"""How patiently callbacks are sent, as the vendor documents its connection overrides."""

from datetime import UTC, datetime

import pytest

from octavo.kernel.callbacks import rules
from octavo.kernel.callbacks.rows import Reason


def test_without_overrides_a_connection_is_tried_twice() -> None:
    patience = rules.patience("https://shop.example/sms", 15.0)
    assert (patience.connect, patience.total, patience.retries) == (5.0, 15.0, 1)
    assert rules.is_retried("connection", None, patience)
    assert not rules.is_retried("status", 500, patience)
    assert not rules.is_retried("timeout", None, patience)


@pytest.mark.parametrize(
    ("policy", "reason", "status"),
    [
        ("ct", "connection", None),
        ("ct", "name", None),
        ("rt", "timeout", None),
        ("5xx", "status", 503),
        ("4xx", "status", 404),
        ("all", "status", 404),
        ("ct,5xx", "status", 500),
        ("all", "timeout", None),
    ],
)
def test_each_policy_retries_its_own_failures(policy: str, reason: Reason, status: int | None) -> None:
    assert rules.is_retried(reason, status, rules.patience(f"https://a.example/#rp={policy}", 15.0))


def test_overrides_count_in_milliseconds_and_have_their_limits() -> None:
    patience = rules.patience("https://a.example/#ct=2000&rt=3000&rc=4", 15.0)
    assert (patience.connect, patience.total, patience.retries) == (2.0, 5.0, 4)
    patience = rules.patience("https://a.example/#ct=99999&rt=99999&tt=99999&rc=99", 15.0)
    assert (patience.connect, patience.total, patience.retries) == (10.0, 15.0, 5)


@pytest.mark.parametrize("fragment", ["", "rc=many&ct=-1&rp=never", "&&==", "section-2"])
def test_what_cannot_be_read_is_as_if_not_there(fragment: str) -> None:
    assert rules.patience(f"https://a.example/#{fragment}", 15.0) == rules.patience("https://a.example/", 15.0)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://a.example/x?y=1#rc=2", "https://a.example/x?y=1"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example?x=/1", "https://a.example/?x=/1"),
    ],
)
def test_the_url_is_asked_for_without_its_fragment_and_with_a_path(url: str, asked: str) -> None:
    assert rules.bare(url) == asked


def test_a_destination_is_a_server() -> None:
    assert rules.destination("https://me:secret@A.example:8443/x?y#z") == "https://a.example:8443"
    assert len(rules.destination("https://" + "a" * 3000)) <= 255


@pytest.mark.parametrize(
    ("reason", "status", "down"),
    [
        ("status", 404, False),
        ("status", 302, False),
        ("status", 429, True),
        ("status", 500, True),
        ("connection", None, True),
        ("timeout", None, True),
        ("refused", None, False),
    ],
)
def test_a_server_that_refuses_a_request_is_well(reason: Reason, status: int | None, *, down: bool) -> None:
    assert rules.is_down(reason, status) is down


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (429, "30", 30.0),
        (503, "Tue, 01 Jan 2030 00:01:00 GMT", 60.0),
        (429, "Mon, 31 Dec 2029 00:00:00 GMT", 0.0),
        (429, "99999999999", 3600.0),
        (429, "soon", 0.0),
        (429, "", 0.0),
        (404, "30", 0.0),
    ],
)
def test_a_server_may_ask_for_a_while(status: int, said: str, seconds: float) -> None:
    assert rules.asked_wait(status, said, datetime(2030, 1, 1, tzinfo=UTC)) == seconds


def test_waits_grow_threefold_up_to_an_hour() -> None:
    assert [rules.wait_after(rounds, 5.0) for rounds in (1, 2, 3, 4, 20)] == [5, 15, 45, 135, 3600]
