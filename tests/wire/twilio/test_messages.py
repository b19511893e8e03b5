"""The official Python SDK sends, follows, lists, changes and deletes messages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Receiver

pytestmark = pytest.mark.slow
CUSTOMER = "+14155550100"
FINAL = {"delivered", "undelivered", "failed"}


def refusal(work: Callable[[], object]) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as told:
        work()
    return told.value.status, told.value.code


@pytest.fixture
def number(sub_client: Client) -> str:
    """A number of this test's own account."""
    bought = sub_client.incoming_phone_numbers.create(area_code="415")
    assert bought.phone_number
    return bought.phone_number


def final(client: Client, sid: str | None) -> MessageInstance:
    assert sid
    return eventually(lambda: found if (found := client.messages(sid).fetch()).status in FINAL else None)


def test_a_message_is_sent_and_delivered(sub_client: Client, number: str) -> None:
    made = sub_client.messages.create(to=CUSTOMER, from_=number, body="Hello")
    assert (made.status, made.direction, made.num_segments, made.num_media) == ("queued", "outbound-api", "1", "0")
    assert isinstance(made.date_created, datetime)
    got = final(sub_client, made.sid)
    assert (got.status, got.error_code, got.body) == ("delivered", None, "Hello")
    assert isinstance(got.date_sent, datetime)


def test_long_and_other_writing_takes_more_segments(sub_client: Client, number: str) -> None:
    for body, segments in (("a" * 160, "1"), ("a" * 161, "2"), ("ж" * 70, "1"), ("ж" * 71, "2"), ("€" * 81, "2")):
        assert sub_client.messages.create(to=CUSTOMER, from_=number, body=body).num_segments == segments


def test_messages_are_listed_by_pages_and_filters(sub_client: Client, number: str) -> None:
    for index in range(5):
        sub_client.messages.create(to=f"+1415555010{index % 2}", from_=number, body=f"{index}")
    assert [one.body for one in sub_client.messages.list(page_size=2)] == ["4", "3", "2", "1", "0"]
    assert [one.body for one in sub_client.messages.list(to="+14155550101", page_size=1)] == ["3", "1"]
    assert len(sub_client.messages.list(from_=number, limit=3)) == 3
    assert sub_client.messages.list(from_="+14155550199") == []
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert sub_client.messages.list(date_sent_after=tomorrow) == []
    page = sub_client.messages.page(page_size=2)
    following = page.next_page()
    assert following
    assert [one.body for one in following] == ["2", "1"]
    before = following.previous_page()
    assert before
    assert [one.body for one in before] == ["4", "3"]


def test_a_scheduled_message_waits_and_is_canceled(sub_client: Client, number: str) -> None:
    service = sub_client.messaging.v1.services.create(friendly_name="Reminders")
    assert service.sid
    owned = sub_client.incoming_phone_numbers.list(phone_number=number)[0]
    assert owned.sid
    sub_client.messaging.v1.services(service.sid).phone_numbers.create(phone_number_sid=owned.sid)
    made = sub_client.messages.create(
        to=CUSTOMER,
        messaging_service_sid=service.sid,
        body="Tomorrow",
        schedule_type="fixed",
        send_at=datetime.now(UTC) + timedelta(hours=2),
    )
    assert (made.status, made.messaging_service_sid) == ("scheduled", service.sid)
    assert made.sid
    assert sub_client.messages(made.sid).update(status="canceled").status == "canceled"
    assert refusal(lambda: sub_client.messages(str(made.sid)).update(status="canceled")) == (409, 30409)


def test_a_body_is_redacted_and_a_message_deleted(sub_client: Client, number: str) -> None:
    made = final(sub_client, sub_client.messages.create(to=CUSTOMER, from_=number, body="Secret").sid)
    assert made.sid
    assert sub_client.messages(made.sid).update(body="").body == ""
    assert sub_client.messages(made.sid).fetch().body == ""
    assert sub_client.messages(made.sid).delete()
    assert refusal(sub_client.messages(made.sid).fetch) == (404, 20404)


def test_what_is_not_to_be_kept_is_gone_once_it_was_sent(sub_client: Client, number: str) -> None:
    made = sub_client.messages.create(
        to=CUSTOMER, from_=number, body="Secret", content_retention="discard", address_retention="obfuscate"
    )
    assert (made.body, made.to) == ("Secret", CUSTOMER)
    got = final(sub_client, made.sid)
    assert (got.status, got.body, got.to, got.num_segments) == ("delivered", "", "+1415555XXXX", "1")


def test_a_long_text_goes_as_one_message(sub_client: Client, number: str) -> None:
    made = sub_client.messages.create(to=CUSTOMER, from_=number, body="a" * 1600, send_as_mms=True, max_price=0.0001)
    assert (made.num_segments, made.num_media) == ("1", "0")
    assert sub_client.messages.create(to=CUSTOMER, from_=number, body="a" * 1600).num_segments == "11"


def test_feedback_on_a_message(sub_client: Client, number: str) -> None:
    made = sub_client.messages.create(to=CUSTOMER, from_=number, body="Hello", provide_feedback=True)
    assert made.sid
    assert sub_client.messages(made.sid).feedback.create(outcome="confirmed").outcome == "confirmed"


def test_states_are_called_back_signed_and_in_order(client: Client, acme: Credentials, receiver: Receiver) -> None:
    made = client.messages.create(
        to=CUSTOMER, from_=acme.phone_number, body="Hello", status_callback=f"{receiver.url}/status?shop=1"
    )
    got = receiver.until("/status", lambda got: any(one.form["MessageStatus"] == "delivered" for one in got))
    assert [one.form["MessageStatus"] for one in got][-2:] == ["sent", "delivered"]
    first = got[0].form
    assert (first["MessageSid"], first["SmsSid"], first["AccountSid"]) == (made.sid, made.sid, acme.sid)
    assert (first["To"], first["From"], first["ApiVersion"]) == (CUSTOMER, acme.phone_number, "2010-04-01")


def test_test_credentials_know_the_magic_numbers(client_of: Callable[..., Client], acme: Credentials) -> None:
    client = client_of(acme.test_sid, acme.test_auth_token)
    sent = client.messages.create(to=CUSTOMER, from_="+15005550006", body="Hello")
    assert sent.status == "queued"
    for to, number in (
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
    ):
        assert refusal(lambda to=to: client.messages.create(to=to, from_="+15005550006", body="Hello")) == (400, number)
    for sender, number in (("+15005550001", 21212), ("+15005550007", 21606), ("+15005550008", 21611)):
        assert refusal(lambda sender=sender: client.messages.create(to=CUSTOMER, from_=sender, body="Hello")) == (
            400,
            number,
        )


@pytest.mark.parametrize("sid", ["SM" + "0" * 32, "PN" + "0" * 32, "SM1", "nothing", "SM" + "g" * 32])
def test_a_wrong_sid_is_not_found(client: Client, sid: str) -> None:
    assert refusal(client.messages(sid).fetch) == (404, 20404)
    assert refusal(client.messages(sid).delete) == (404, 20404)
