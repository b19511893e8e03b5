"""Requests of every kind that Octavo makes to an account's servers: the validators of both official SDKs believe each.

The fixture `receiver` asks them about whatever it gets.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from octavo.cli.engines import run_as_system
from octavo.products.comms.usage.trigger.actions import fire_triggers
from tests.harness.running import RunningOctavo
from tests.wire.twilio.answering import answered
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Answer, Receiver
from tests.wire.twilio.saying import Says

pytestmark = pytest.mark.slow
PERSON = "+14155550171"


@pytest.fixture
def server(receiver: Receiver, sub_client: Client) -> Receiver:
    """The server of the test's own account."""
    receiver.knows(sub_client.account_sid, sub_client.password)
    return receiver


@pytest.fixture
def number(sub_client: Client) -> Any:
    return sub_client.incoming_phone_numbers.create(area_code="415")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_message_that_came_in(
    sub_client: Client, number: Any, server: Receiver, person_says: Says, method: str
) -> None:
    number.update(sms_url=f"{server.url}/in?shop=1&name=Gr%C3%BC%C3%9Fe", sms_method=method)
    person_says("Tee & Grüße 🍵", sender=PERSON, recipient=number.phone_number, account_sid=sub_client.account_sid)
    [got, *_] = server.until("/in", lambda got: len(got) >= 1)
    assert got.method == method
    assert (got.query["shop"], got.query["name"]) == ("1", "Grüße")
    assert (got.form or got.query)["Body"] == "Tee & Grüße 🍵"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_fallback(sub_client: Client, number: Any, server: Receiver, person_says: Says, method: str) -> None:
    server.answers["/broken"] = Answer(500, "broken")
    number.update(
        sms_url=f"{server.url}/broken", sms_fallback_url=f"{server.url}/fallback?n=1", sms_fallback_method=method
    )
    person_says("Hello?", sender=PERSON, recipient=number.phone_number, account_sid=sub_client.account_sid)
    [got, *_] = server.until("/fallback", lambda got: len(got) >= 1)
    assert got.method == method
    told = got.form or got.query
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("11200", f"{server.url}/broken")


def test_what_an_answer_leads_to(sub_client: Client, number: Any, server: Receiver, person_says: Says) -> None:
    first, second = MessagingResponse(), MessagingResponse()
    first.redirect(f"{server.url}/next?step=2", method="GET")
    second.message("Until six", action=f"{server.url}/sent", method="POST")
    server.answers |= {"/in": Answer(200, str(first)), "/next": Answer(200, str(second))}
    number.update(sms_url=f"{server.url}/in")
    person_says("Until when?", sender=PERSON, recipient=number.phone_number, account_sid=sub_client.account_sid)
    [redirected, *_] = server.until("/next", lambda got: len(got) >= 1)
    assert (redirected.method, redirected.query["step"], redirected.query["Body"]) == ("GET", "2", "Until when?")
    sent = server.until("/sent", lambda got: any(one.form["MessageStatus"] == "delivered" for one in got))
    assert {one.form["To"] for one in sent} == {PERSON}


def test_a_message_to_a_service(sub_client: Client, number: Any, server: Receiver, person_says: Says) -> None:
    service = sub_client.messaging.v1.services.create(
        friendly_name="Pool", inbound_request_url=f"{server.url}/pool", status_callback=f"{server.url}/status"
    )
    sub_client.messaging.v1.services(str(service.sid)).phone_numbers.create(phone_number_sid=number.sid)
    person_says("Hello", sender=PERSON, recipient=number.phone_number, account_sid=sub_client.account_sid)
    [got, *_] = server.until("/pool", lambda got: len(got) >= 1)
    assert got.form["MessagingServiceSid"] == service.sid
    sub_client.messages.create(to=PERSON, messaging_service_sid=str(service.sid), body="Hi")
    server.until("/status", lambda got: got[-1:] != [] and got[-1].form["MessageStatus"] == "delivered")


def test_an_application_s_status(sub_client: Client, number: Any, server: Receiver) -> None:
    application = sub_client.applications.create(message_status_callback=f"{server.url}/status")
    sub_client.messages.create(to=PERSON, from_=number.phone_number, body="Hi", application_sid=str(application.sid))
    got = server.until("/status", lambda got: got[-1:] != [] and got[-1].form["MessageStatus"] == "delivered")
    assert {one.form["AccountSid"] for one in got} == {sub_client.account_sid}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_usage_that_reached_its_threshold(
    sub_client: Client, number: Any, server: Receiver, octavo: RunningOctavo, method: str
) -> None:
    trigger = sub_client.usage.triggers.create(
        callback_url=f"{server.url}/used?n=1",
        callback_method=method,
        trigger_value="1",
        usage_category="phonenumbers",
    )
    eventually(lambda: run_as_system(octavo.data_dir, fire_triggers) or server.at("/used") or None)
    [got, *_] = server.until("/used", lambda got: len(got) >= 1)
    told = got.form or got.query
    assert (told["UsageTriggerSid"], told["CurrentValue"], told["TriggerValue"]) == (trigger.sid, "1", "1")
    assert told["IdempotencyToken"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_number_that_was_verified(sub_client: Client, server: Receiver, octavo: RunningOctavo, method: str) -> None:
    asked = sub_client.validation_requests.create(
        phone_number="+14152051240", status_callback=f"{server.url}/verified", status_callback_method=method
    )
    answered(octavo, asked)
    [got, *_] = server.until("/verified", lambda got: len(got) >= 1)
    told = got.form or got.query
    [caller_id] = sub_client.outgoing_caller_ids.list()
    assert (told["VerificationStatus"], told["OutgoingCallerIdSid"]) == ("success", caller_id.sid)
    assert (told["To"], told["CallSid"]) == ("+14152051240", asked.call_sid)


def test_factors_and_challenges(sub_client: Client, server: Receiver) -> None:
    made = sub_client.verify.v2.services.create(friendly_name="Door")
    service = sub_client.verify.v2.services(str(made.sid))
    service.webhooks.create("All", event_types=["*"], webhook_url=f"{server.url}/told")
    entity = service.entities("customer-0001")
    factor = entity.new_factors.create(friendly_name="Ana's phone", factor_type="totp")
    codes = pyotp.TOTP(factor.binding["secret"])
    entity.factors(str(factor.sid)).update(auth_payload=codes.now())
    next_code = codes.at(datetime.now(UTC) + timedelta(seconds=30))  # each opens once
    entity.challenges.create(factor_sid=str(factor.sid), auth_payload=next_code)
    entity.factors(str(factor.sid)).delete()
    got = server.until("/told", lambda got: len({one.form["Type"] for one in got}) == 4)
    assert list(dict.fromkeys(one.form["Type"] for one in got)) == [
        "factor.created",
        "factor.verified",
        "challenge.approved",
        "factor.deleted",
    ]
