"""The official Python SDK searches, buys, configures, lists and releases numbers, and what belongs to them."""

from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

pytestmark = pytest.mark.slow


def refused(work: Callable[[], object]) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as caught:
        work()
    return caught.value.status, caught.value.code


def test_a_number_from_the_search_to_the_release(sub_client: Client) -> None:
    offered = sub_client.available_phone_numbers("US").local.list(area_code=415, sms_enabled=True, limit=5)
    assert [one.locality for one in offered] == ["San Francisco"] * 5
    wanted = offered[0].phone_number
    assert wanted is not None
    bought = sub_client.incoming_phone_numbers.create(phone_number=wanted, sms_url="https://a.example/sms")
    assert (bought.phone_number, bought.sms_url, bought.capabilities["sms"]) == (
        wanted,
        "https://a.example/sms",
        True,
    )
    assert bought.sid is not None
    changed = sub_client.incoming_phone_numbers(bought.sid).update(voice_url="https://a.example/voice")
    assert (changed.voice_url, changed.sms_url) == ("https://a.example/voice", "https://a.example/sms")
    assert [one.sid for one in sub_client.incoming_phone_numbers.list(phone_number=wanted)] == [bought.sid]
    assert wanted not in [
        one.phone_number for one in sub_client.available_phone_numbers("US").local.list(area_code=415)
    ]
    assert sub_client.incoming_phone_numbers(bought.sid).delete()
    assert refused(sub_client.incoming_phone_numbers(bought.sid).fetch) == (404, 20404)


def test_many_numbers_are_streamed_over_their_pages(sub_client: Client) -> None:
    for area in ("415", "510", "212", "312", "202"):
        sub_client.incoming_phone_numbers.create(area_code=area)
    seen = [one.phone_number for one in sub_client.incoming_phone_numbers.stream(page_size=2)]
    assert [str(number)[2:5] for number in seen] == ["202", "312", "212", "510", "415"]
    assert len(sub_client.incoming_phone_numbers.local.list(page_size=3)) == 5
    assert sub_client.incoming_phone_numbers.toll_free.list() == []


def test_what_cannot_be_bought_has_the_code_that_programs_know(sub_client: Client) -> None:
    numbers = sub_client.incoming_phone_numbers
    assert refused(lambda: numbers.create(phone_number="+1234567890")) == (400, 21421)
    assert refused(lambda: numbers.create(area_code="533")) == (400, 21452)
    sid = "PN" + "0" * 32
    assert refused(numbers(sid).fetch) == (404, 20404)
    assert refused(sub_client.available_phone_numbers("ZZ").fetch) == (404, 20404)


def test_applications_and_addresses_stand_behind_numbers(sub_client: Client) -> None:
    application = sub_client.applications.create(friendly_name="Desk", sms_url="https://a.example/sms")
    address = sub_client.addresses.create("Acme", "1 Long Lane", "Springfield", "OR", "97477", "US")
    assert application.sid is not None
    assert address.sid is not None
    number = sub_client.incoming_phone_numbers.create(
        area_code="415", sms_application_sid=application.sid, address_sid=address.sid
    )
    assert (number.sms_application_sid, number.address_sid) == (application.sid, address.sid)
    dependent = sub_client.addresses(address.sid).dependent_phone_numbers.list()
    assert [one.sid for one in dependent] == [number.sid]
    assert [one.sid for one in sub_client.applications.list(friendly_name="Desk")] == [application.sid]
    assert sub_client.applications(application.sid).update(voice_url="https://a.example/voice").sms_method == "POST"
    assert sub_client.applications(application.sid).delete()
    assert refused(sub_client.addresses(address.sid).delete) == (409, 20009)


def test_a_caller_id_is_asked_for(sub_client: Client) -> None:
    asked = sub_client.validation_requests.create(phone_number="+14152051240", friendly_name="Desk")
    assert (asked.phone_number, len(asked.validation_code or "")) == ("+14152051240", 6)
    assert sub_client.outgoing_caller_ids.list() == []
    assert refused(lambda: sub_client.validation_requests.create(phone_number="nobody")) == (400, 21401)


def test_lookups_and_prices(sub_client: Client) -> None:
    found = sub_client.lookups.v2.phone_numbers("+447400123456").fetch(fields="line_type_intelligence")
    assert (found.valid, found.country_code) == (True, "GB")
    assert found.line_type_intelligence is not None
    assert sub_client.lookups.v2.phone_numbers("hello").fetch().validation_errors == ["NOT_A_NUMBER"]
    country = sub_client.pricing.v1.messaging.countries("US").fetch()
    assert (country.price_unit, country.iso_country) == ("USD", "US")
    assert len(sub_client.pricing.v1.phone_numbers.countries.list(page_size=100)) > 200
    assert sub_client.pricing.v1.voice.numbers("+447400123456").fetch().iso_country == "GB"
