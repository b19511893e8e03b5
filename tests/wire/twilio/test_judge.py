"""The judge itself: it passes what is documented, and sees each kind of fault."""

import json
from typing import Any

import pytest

from tests.wire.twilio.judge import judge

ACCOUNT = "AC" + "a" * 32
BASE = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
KEY: dict[str, Any] = {
    "sid": "SK" + "a" * 32,
    "friendly_name": None,
    "date_created": "Mon, 13 Jun 2016 22:50:08 +0000",
    "date_updated": "Mon, 13 Jun 2016 22:50:08 +0000",
}
PAGE: dict[str, Any] = {
    "keys": [KEY],
    "page": 0,
    "page_size": 50,
    "start": 0,
    "end": 0,
    "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Keys.json?PageSize=50&Page=0",
    "first_page_uri": f"/2010-04-01/Accounts/{ACCOUNT}/Keys.json?PageSize=50&Page=0",
    "next_page_uri": None,
    "previous_page_uri": None,
}


def of_key(body: dict[str, Any], status: int = 200) -> list[str]:
    return judge("GET", f"{BASE}/Keys/SK1.json", status, json.dumps(body).encode())


def test_what_is_documented_is_no_fault() -> None:
    assert of_key(KEY) == []
    assert judge("GET", f"{BASE}/Keys.json?PageSize=50", 200, json.dumps(PAGE).encode()) == []
    assert judge("DELETE", f"{BASE}/Keys/SK1.json", 204, b"") == []


@pytest.mark.parametrize(
    "change",
    [
        {"sid": None},
        {"sid": "SK1"},
        {"friendly_name": 3},
        {"date_created": "2016-06-13T22:50:08Z"},
        {"date_created": "Mon, 13 Jun 2016 22:50:08 GMT"},
    ],
)
def test_a_wrong_value_is_a_fault(change: dict[str, Any]) -> None:
    assert len(of_key(KEY | change)) == 1


def test_an_absent_property_is_a_fault() -> None:
    assert "friendly_name is missing" in of_key({key: KEY[key] for key in KEY if key != "friendly_name"})[0]


@pytest.mark.parametrize(
    "change",
    [{"more": []}, {"next_page_uri": f"{BASE}/Keys.json?Page=1"}, {"keys": [KEY | {"sid": None}]}, {"page": "0"}],
)
def test_a_wrong_page_is_a_fault(change: dict[str, Any]) -> None:
    assert judge("GET", f"{BASE}/Keys.json", 200, json.dumps(PAGE | change).encode())


def test_wrong_statuses_bodies_and_addresses_are_faults() -> None:
    assert of_key(KEY, 201)
    assert judge("DELETE", f"{BASE}/Keys/SK1.json", 204, b"{}")
    assert judge("GET", f"{BASE}/Nowhere.json", 200, b"{}")
    assert judge("GET", f"{BASE}/Keys/SK1.json", 200, b"<html>")


def test_errors_have_their_own_shape() -> None:
    error = {"code": 20404, "message": "No", "more_info": "https://www.twilio.com/docs/errors/20404", "status": 404}
    assert of_key(error, 404) == []
    assert of_key(error, 400)
    assert of_key(error | {"type": "about:blank", "title": "No"}, 404)
    assert of_key(error | {"code": "20404"}, 404)


def test_in_version_1_dates_have_no_fraction_and_addresses_are_absolute() -> None:
    address = "https://verify.twilio.com/v2/Services?PageSize=50&Page=0"
    meta = {"key": "services", "page": 0, "page_size": 50, "first_page_url": address, "url": address}
    meta |= {"next_page_url": None, "previous_page_url": None}

    def faults(**changes: object) -> list[str]:
        body = {"services": [], "meta": meta | changes}
        return judge("GET", "https://verify.twilio.com/v2/Services", 200, json.dumps(body).encode())

    assert faults() == []
    assert faults(next_page_url="/v2/Services?Page=1")
    assert faults(key="nothing")
