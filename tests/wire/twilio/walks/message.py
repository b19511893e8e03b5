"""Messages and their files, what was used, and what it costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import httpx
from twilio.rest import Client

from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Answer
from tests.wire.twilio.serving import picture
from tests.wire.twilio.walks.ground import Ground, is_gone, is_listed, refusal, sids

CUSTOMER = "+14155550100"


def number_of(client: Client) -> str:
    return str(client.incoming_phone_numbers.create(area_code="415").phone_number)


def messages(ground: Ground) -> None:
    resource, sender = ground.client.messages, number_of(ground.client)
    made = [resource.create(to=f"+1415555010{n % 2}", from_=sender, body=f"{n}") for n in range(4)]
    newest_first = list(reversed(sids(made)))
    is_listed(resource, newest_first)
    is_listed(resource, newest_first, from_=sender)
    is_listed(resource, newest_first[::2], to="+14155550101")
    for sid in newest_first:
        eventually(lambda sid=sid: resource(sid).fetch().status == "delivered")
    now = datetime.now(UTC)
    is_listed(resource, newest_first, date_sent=now.date())
    is_listed(resource, newest_first, date_sent_after=now - timedelta(days=1), date_sent_before=now + timedelta(days=1))
    assert resource.list(date_sent_before=now - timedelta(days=1)) == []
    message = resource(newest_first[0])
    assert message.update(body="").body == ""
    assert refusal(lambda: message.update(status="canceled"))[0] in (400, 409)
    assert message.feedback.create(outcome="confirmed").outcome == "confirmed"
    assert message.delete()
    is_gone(message.fetch)


def media(ground: Ground) -> None:
    drawn, sender = picture(), number_of(ground.client)
    ground.receiver.unsigned.update({"/a.png", "/b.png"})
    for path in ("/a.png", "/b.png"):
        ground.receiver.answers[path] = Answer(200, drawn, "image/png")
    urls = [f"{ground.receiver.url}{path}" for path in ("/a.png", "/b.png")]
    sent = ground.client.messages.create(to=CUSTOMER, from_=sender, body="Look", media_url=urls)
    message = ground.client.messages(str(sent.sid))
    found = eventually(lambda: files if len(files := message.media.list()) == 2 else None)
    is_listed(message.media, sids(found))
    is_listed(message.media, sids(found), date_created=datetime.now(UTC))
    assert message.media.list(date_created_before=datetime.now(UTC) - timedelta(days=2)) == []
    file = message.media(str(found[0].sid))
    assert file.fetch().content_type == "image/png"
    assert bytes_of(ground, str(file.fetch().uri)) == drawn
    assert file.delete()
    is_gone(file.fetch)


def bytes_of(ground: Ground, uri: str) -> bytes:
    """Without `.json` the address of a file leads to its bytes."""
    who = (ground.client.username, ground.client.password)
    with httpx.Client(base_url=ground.dialect, headers={"Host": "api.twilio.com"}, trust_env=False, timeout=60) as http:
        way = http.get(uri.removesuffix(".json"), auth=who)
        assert way.status_code == 307
        there = urlsplit(way.headers["Location"])
        return http.get(f"{there.path}?{there.query}".removesuffix("?")).content


def usage_records(ground: Ground) -> None:
    sender = number_of(ground.client)
    for _ in range(2):
        ground.client.messages.create(to=CUSTOMER, from_=sender, body="Tea is ready")
    records, today = ground.client.usage.records, datetime.now(UTC).date()
    eventually(lambda: records.today.list(category="sms-outbound")[0].count == "2")
    everything = [one.category for one in records.list()]
    assert len(set(everything)) == len(everything) > 20
    assert [one.category for one in records.this_month.stream(page_size=10)] == everything
    used_today = [str(one.category) for one in records.daily.list(start_date=today)]
    assert {"sms-outbound", "phonenumbers-local", "totalprice"} < set(used_today)
    is_listed(records.daily, used_today, by="category", start_date=today, end_date=today)
    for spans in (records.daily, records.monthly, records.yearly, records.all_time):
        [found] = spans.list(category="sms-outbound", start_date=today, end_date=today)
        assert (found.count, str(found.start_date)[:4]) == ("2", str(today.year))
    for earlier in (records.yesterday, records.last_month):
        assert {one.count for one in earlier.list(category="sms-outbound", include_subaccounts=False)} <= {"0"}
    assert refusal(lambda: records.list(category="tea"))[0] == 400


def usage_triggers(ground: Ground) -> None:
    resource = ground.client.usage.triggers
    made = [
        resource.create("https://a.example/used", "+100", category, friendly_name="Much", recurring=recurring)
        for category, recurring in (("sms", "daily"), ("sms", "monthly"), ("totalprice", "daily"))
    ]
    newest_first = list(reversed(sids(made)))
    is_listed(resource, newest_first)
    is_listed(resource, newest_first[1:], usage_category="sms")
    is_listed(resource, newest_first[::2], recurring="daily")
    is_listed(resource, newest_first, trigger_by="usage")
    assert resource.list(trigger_by="price") == []
    trigger = resource(newest_first[0])
    assert trigger.update(friendly_name="Very much", callback_method="GET").callback_method == "GET"
    assert trigger.fetch().friendly_name == "Very much"
    assert trigger.delete()
    is_gone(trigger.fetch)


def lookups(ground: Ground) -> None:
    numbers = ground.client.lookups.v2.phone_numbers
    found = numbers("+14155552671").fetch(fields="line_type_intelligence,caller_name")
    assert (found.valid, found.country_code) == (True, "US")
    assert found.line_type_intelligence["type"]
    assert found.caller_name["caller_name"]
    assert numbers("4155552671").fetch(country_code="US").phone_number == "+14155552671"
    assert numbers("hello").fetch().valid is False
    assert refusal(lambda: numbers("+14155552671").fetch(fields="tea")) == (400, 20001)
    older = ground.client.lookups.v1.phone_numbers
    known = older("+14155552671").fetch(type=["carrier", "caller-name"])
    assert known.carrier["type"] in ("mobile", "landline", "voip")
    assert known.caller_name["caller_name"]
    assert older("+14155552671").fetch().carrier is None
    is_gone(older("hello").fetch)


def prices(ground: Ground) -> None:
    first, second = ground.client.pricing.v1, ground.client.pricing.v2
    everywhere = [str(one.iso_country) for one in first.messaging.countries.list()]
    assert len(everywhere) > 200
    for resource in (first.messaging, first.phone_numbers, first.voice, second.voice):
        countries = resource.countries
        assert [one.iso_country for one in countries.stream(page_size=100)] == everywhere
        assert [one.iso_country for one in countries.list(limit=3, page_size=1)] == everywhere[:3]
        assert countries("GB").fetch().iso_country == "GB"
        is_gone(countries("ZZ").fetch)
    assert Decimal(first.messaging.countries("US").fetch().outbound_sms_prices[0]["prices"][0]["base_price"])
    assert first.voice.numbers("+447400123456").fetch().outbound_call_price["current_price"]
    called = second.voice.numbers("+447400123456").fetch(origination_number="+14155552671")
    assert (called.origination_number, called.iso_country) == ("+14155552671", "GB")
    is_gone(first.voice.numbers("hello").fetch)
    is_gone(second.voice.numbers("hello").fetch)


def alerts(ground: Ground) -> None:
    ground.receiver.answers["/broken"] = Answer(status=500)
    sender = number_of(ground.client)
    for _ in range(2):
        ground.client.messages.create(
            to=CUSTOMER, from_=sender, body="Hi", status_callback=f"{ground.receiver.url}/broken"
        )
    resource = ground.client.monitor.v1.alerts
    # Each is told of when it first fails; what comes after it in its thread waits.
    found = eventually(lambda: made if len(made := resource.list()) >= 2 else None)
    now = datetime.now(UTC)
    assert {one.error_code for one in found} == {"11200"}
    is_listed(resource, sids(found))
    is_listed(resource, sids(found), log_level="error", start_date=now - timedelta(days=1), end_date=now)
    assert resource.list(start_date=now + timedelta(days=1)) == []
    assert resource.list(log_level="warning") == []
    assert resource(str(found[0].sid)).fetch().request_url == f"{ground.receiver.url}/broken"
    is_gone(resource("NO" + "0" * 32).fetch)


def events(ground: Ground) -> None:
    numbers = [ground.client.incoming_phone_numbers.create(area_code="415") for _ in range(3)]
    ground.client.incoming_phone_numbers(str(numbers[0].sid)).delete()
    resource = ground.client.monitor.v1.events
    everything = resource.list()
    made = [str(one.sid) for one in everything if one.event_type == "phone-number.created"]
    assert len(made) == 3
    is_listed(resource, sids(everything))
    is_listed(resource, made, event_type="phone-number.created")
    of_number = [str(one.sid) for one in everything if one.resource_sid == numbers[0].sid]
    is_listed(resource, of_number, resource_sid=str(numbers[0].sid))
    assert resource.list(source_ip_address="192.0.2.1") == []
    assert resource.list(start_date=datetime.now(UTC) + timedelta(days=1)) == []
    assert resource.list(end_date=datetime.now(UTC) - timedelta(days=1)) == []
    assert resource(made[0]).fetch().event_type == "phone-number.created"
    is_gone(resource("AE" + "0" * 32).fetch)
