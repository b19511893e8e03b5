"""The official Python SDK reads what was used and what it cost."""

import time
from decimal import Decimal

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.wire.twilio.receiving import Receiver

pytestmark = pytest.mark.slow


def used(client: Client, category: str) -> int:
    [record] = client.usage.records.today.list(category=category)
    return int(record.count or 0)


def test_sent_messages_are_used_and_shrink_the_balance(sub_client: Client) -> None:
    number = sub_client.incoming_phone_numbers.create(area_code="415")
    before = Decimal(sub_client.balance.fetch().balance or "")
    for _ in range(3):
        sub_client.messages.create(to="+14155550111", from_=number.phone_number or "", body="Tea is ready")
    until = time.monotonic() + 60
    while used(sub_client, "sms-outbound") < 3 and time.monotonic() < until:
        time.sleep(0.1)
    assert used(sub_client, "sms-outbound-longcode") == used(sub_client, "sms") == 3
    assert used(sub_client, "phonenumbers-local") == 1
    assert Decimal(sub_client.balance.fetch().balance or "") < before
    assert [one.count for one in sub_client.usage.records.daily.list(category="sms")] == ["3"]
    for spans in (sub_client.usage.records.monthly, sub_client.usage.records.yearly, sub_client.usage.records.all_time):
        assert [one.count for one in spans.list(category="sms")] == ["3"]
    assert {one.count for one in sub_client.usage.records.yesterday.list(category="sms")} == {"0"}
    everything = sub_client.usage.records.list(page_size=7)
    assert len({one.category for one in everything}) == len(everything) > 20


def test_triggers_are_kept(sub_client: Client, receiver: Receiver) -> None:
    made = sub_client.usage.triggers.create(
        callback_url=f"{receiver.url}/used", trigger_value="10", usage_category="sms", recurring="daily"
    )
    assert made.sid is not None
    assert (made.trigger_value, made.current_value, made.recurring) == ("10", "0", "daily")
    assert sub_client.usage.triggers(made.sid).update(friendly_name="Tea").friendly_name == "Tea"
    assert [one.sid for one in sub_client.usage.triggers.list(usage_category="sms")] == [made.sid]
    assert sub_client.usage.triggers(made.sid).delete()
    with pytest.raises(TwilioRestException) as caught:
        sub_client.usage.triggers(made.sid).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
