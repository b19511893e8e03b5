"""The official Python SDK keeps Messaging Services with their pools."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.wire.twilio.patience import eventually

pytestmark = pytest.mark.slow


def test_a_service_from_its_making_to_its_end(sub_client: Client) -> None:
    services = sub_client.messaging.v1.services
    made = services.create(friendly_name="Shop", inbound_request_url="https://a.example/in", sticky_sender=True)
    assert made.sid
    assert (made.friendly_name, made.sticky_sender) == ("Shop", True)
    changed = services(made.sid).update(friendly_name="Shop 2", validity_period=600)
    assert (changed.friendly_name, changed.validity_period) == ("Shop 2", 600)
    assert services(made.sid).fetch().inbound_request_url == "https://a.example/in"
    for index in range(4):
        services.create(friendly_name=f"Number {index}")
    assert len(services.list(page_size=2)) == 5
    assert services(made.sid).delete()
    with pytest.raises(TwilioRestException) as told:
        services(made.sid).fetch()
    assert (told.value.status, told.value.code) == (404, 20404)


def test_a_pool_holds_numbers_and_names(sub_client: Client) -> None:
    made = sub_client.messaging.v1.services.create(friendly_name="Shop")
    assert made.sid
    service = sub_client.messaging.v1.services(made.sid)
    numbers = [sub_client.incoming_phone_numbers.create(area_code="415") for _ in range(3)]
    for number in numbers:
        added = service.phone_numbers.create(phone_number_sid=str(number.sid))
        assert (added.phone_number, added.country_code) == (number.phone_number, "US")
    assert {one.sid for one in service.phone_numbers.list(page_size=2)} == {one.sid for one in numbers}
    assert service.phone_numbers(str(numbers[0].sid)).fetch().phone_number == numbers[0].phone_number
    assert service.phone_numbers(str(numbers[0].sid)).delete()
    assert len(service.phone_numbers.list()) == 2
    name = service.alpha_senders.create(alpha_sender="MYSHOP")
    assert name.sid
    assert service.alpha_senders(name.sid).fetch().alpha_sender == "MYSHOP"
    assert [one.alpha_sender for one in service.alpha_senders.list()] == ["MYSHOP"]
    assert service.alpha_senders(name.sid).delete()
    assert service.short_codes.list() == []


def test_a_message_of_a_service_gets_a_sender_of_the_pool(sub_client: Client) -> None:
    made = sub_client.messaging.v1.services.create(friendly_name="Shop")
    number = sub_client.incoming_phone_numbers.create(area_code="415")
    assert made.sid
    sub_client.messaging.v1.services(made.sid).phone_numbers.create(phone_number_sid=str(number.sid))
    sent = sub_client.messages.create(to="+14155550100", messaging_service_sid=made.sid, body="Hello")
    assert (sent.status, sent.messaging_service_sid) == ("accepted", made.sid)
    got = eventually(lambda: one if (one := sub_client.messages(str(sent.sid)).fetch()).status == "delivered" else None)
    assert got.from_ == number.phone_number
