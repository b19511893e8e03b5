"""The validators of the official Node SDK, unmodified."""

import json
from dataclasses import replace

import pytest
from twilio.rest import Client

from octavo.products.comms.signature import HEADER, signature, with_body_hash
from tests.wire.twilio.believing import NodeValidators
from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.receiving import Received, Receiver

pytestmark = pytest.mark.slow


def test_its_validators_believe_our_callbacks(client: Client, acme: Credentials, receiver: Receiver) -> None:
    """`receiver` asks them about every request, in each test; here names and texts are such as need care."""
    callback = f"{receiver.url}/status?shop=1&name=Gr%C3%BC%C3%9Fe"
    client.messages.create(to="+14155550142", from_=acme.phone_number, body="Grüße", status_callback=callback)
    receiver.until("/status", lambda got: any(one.form["MessageStatus"] == "delivered" for one in got))


def test_its_validators_believe_a_body_that_is_no_form(acme: Credentials, node_validators: NodeValidators) -> None:
    body = json.dumps({"greeting": "Grüße"}).encode()
    url = with_body_hash("https://a.example/hook?shop=1", body)
    headers = {HEADER.lower(): signature(acme.auth_token, url), "content-type": "application/json"}
    received = Received("POST", url, "/hook", {}, body, headers)
    told = node_validators.believing(acme.auth_token, received)
    assert told == dict.fromkeys(
        ("validateRequest", "validateIncomingRequest", "validateRequestWithBody", "webhook"), True
    )
    altered = node_validators.believing(acme.auth_token, replace(received, body=body + b" "))
    assert not altered["validateRequestWithBody"]
    assert not altered["validateIncomingRequest"]
