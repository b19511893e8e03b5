"""The official Node SDK, unmodified, through the proxy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twilio.rest import Client

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.receiving import Receiver

pytestmark = pytest.mark.slow


def test_it_walks_through_the_resources(run_node: Callable[..., Any]) -> None:
    assert run_node("walk.mjs") == {
        "numbers": ["Front desk", 2],
        "listed": ["three", "two", "one"],
        "dateSent": True,
        "redacted": "",
        "removed": True,
        "gone": 20404,
        "accepted": "accepted",
        "pool": 1,
        "dateCreated": True,
        "verify": ["pending", False],
        "refused": {
            "to": 21211,
            "from": 21606,
            "long": 21617,
            "empty": 21602,
            "media": 21623,
            "sid": 20404,
            "credentials": 20003,
        },
        "byKey": 1,
        "currency": "USD",
        "valid": True,
        "country": "US",
        "usage": 1,
        "closed": "closed",
    }


def test_its_validator_believes_our_callbacks(
    client: Client, acme: Credentials, receiver: Receiver, run_node: Callable[..., Any], tmp_path: Path
) -> None:
    callback = f"{receiver.url}/status?shop=1&name=Gr%C3%BC%C3%9Fe"
    client.messages.create(to="+14155550142", from_=acme.phone_number, body="Grüße", status_callback=callback)
    got = receiver.until("/status", lambda got: any(one.form["MessageStatus"] == "delivered" for one in got))
    signed = [{"url": one.url, "form": one.form, "signature": one.headers["x-twilio-signature"]} for one in got]
    file = tmp_path / "received.json"
    file.write_text(json.dumps(signed))
    assert set(run_node("validate.mjs", acme.auth_token, str(file))) == {True}
