"""What the article shows of its API, by the official Python SDK, where only the base is another."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.wire.twilio.conftest import Credentials

pytestmark = pytest.mark.slow


def test_messages_are_made_and_fetched(client: Client, acme: Credentials) -> None:
    message = client.messages.create(body="Hello from Octavo", from_=acme.phone_number, to="+14155550100")
    assert message.sid
    assert client.messages(message.sid).fetch().body == "Hello from Octavo"


def test_numbers_are_bought_and_told_where_to_ask(sub_client: Client) -> None:
    wanted = sub_client.available_phone_numbers("US").local.list(limit=1)[0].phone_number
    assert wanted
    number = sub_client.incoming_phone_numbers.create(phone_number=wanted)
    assert number.sid
    changed = sub_client.incoming_phone_numbers(number.sid).update(
        voice_url="https://a.example/voice", sms_url="https://a.example/sms"
    )
    assert (changed.voice_url, changed.sms_url) == ("https://a.example/voice", "https://a.example/sms")


def test_the_article_s_own_number_is_none(sub_client: Client) -> None:
    with pytest.raises(TwilioRestException) as told:
        sub_client.incoming_phone_numbers.create(phone_number="+1234567890")
    assert (told.value.status, told.value.code) == (400, 21421)
