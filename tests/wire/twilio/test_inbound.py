"""What people write to an account's numbers: its server is asked, signed, and answers in TwiML of the official SDK."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Answer, Received, Receiver
from tests.wire.twilio.saying import Says

pytestmark = pytest.mark.slow


@pytest.fixture
def webhook(client: Client, acme: Credentials, receiver: Receiver) -> Iterator[str]:
    """The account's number asks this address, for as long as the test lasts."""
    number = client.incoming_phone_numbers.list(phone_number=acme.phone_number)[0]
    client.incoming_phone_numbers(str(number.sid)).update(sms_url=f"{receiver.url}/in", sms_method="POST")
    yield "/in"
    client.incoming_phone_numbers(str(number.sid)).update(sms_url="", sms_fallback_url="")


def delivered(got: list[Received]) -> set[str]:
    """The messages that the server was told of as delivered, each be it once or again."""
    return {one.form["MessageSid"] for one in got if one.form["MessageStatus"] == "delivered"}


def test_a_message_is_answered_by_twiml(
    client: Client, acme: Credentials, receiver: Receiver, webhook: str, person_says: Says
) -> None:
    reply = MessagingResponse()
    reply.message("We are open until six", action=f"{receiver.url}/sent")
    receiver.answers[webhook] = Answer(200, str(reply))
    person_says("When do you close?", sender="+14155550121")
    form = receiver.until(webhook, lambda got: len(got) >= 1)[0].form
    assert (form["From"], form["To"], form["Body"]) == ("+14155550121", acme.phone_number, "When do you close?")
    assert (form["NumMedia"], form["NumSegments"], form["SmsStatus"]) == ("0", "1", "received")
    assert form["MessageSid"] == form["SmsMessageSid"] == form["SmsSid"]
    inbound = client.messages(form["MessageSid"]).fetch()
    assert (inbound.direction, inbound.status, inbound.body) == ("inbound", "received", "When do you close?")
    answer = eventually(lambda: next(iter(client.messages.list(to="+14155550121")), None))
    assert (answer.body, answer.direction) == ("We are open until six", "outbound-reply")
    receiver.until("/sent", lambda got: len(delivered(got)) == 1)


def test_the_node_sdk_writes_the_answer(
    client: Client, receiver: Receiver, webhook: str, person_says: Says, run_node: Callable[..., Any]
) -> None:
    texts = ["Until <six> & a bit", "Grüße 🍵"]
    receiver.answers[webhook] = Answer(200, run_node("reply.mjs", f"{receiver.url}/sent", *texts))
    person_says("When do you close?", sender="+14155550124")
    answers = eventually(lambda: got if len(got := client.messages.list(to="+14155550124")) == 2 else None)
    assert sorted(str(one.body) for one in answers) == sorted(texts)
    receiver.until("/sent", lambda got: len(delivered(got)) == 2)


def test_a_server_that_fails_has_its_fallback(
    client: Client, acme: Credentials, receiver: Receiver, webhook: str, person_says: Says
) -> None:
    number = client.incoming_phone_numbers.list(phone_number=acme.phone_number)[0]
    client.incoming_phone_numbers(str(number.sid)).update(sms_fallback_url=f"{receiver.url}/fallback")
    receiver.answers[webhook] = Answer(500, "broken")
    person_says("Anybody?", sender="+14155550122")
    form = receiver.until("/fallback", lambda got: len(got) >= 1)[0].form
    assert form["ErrorCode"] == "11200"
    assert form["ErrorUrl"] == receiver.url + webhook


def test_who_writes_stop_is_left_alone_until_start(client: Client, acme: Credentials, person_says: Says) -> None:
    def send() -> Any:
        return client.messages.create(to="+14155550123", from_=acme.phone_number, body="News")

    def refused() -> int | None:
        try:
            send()
        except TwilioRestException as told:
            return told.code
        return None

    send()
    person_says("stop", sender="+14155550123")
    assert eventually(refused) == 21610
    person_says("START", sender="+14155550123")
    eventually(lambda: refused() is None)
