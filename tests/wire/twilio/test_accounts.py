"""The official Python SDK keeps accounts, keys and tokens, and reads what was used, what it costs and what happened."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.wire.twilio.conftest import Credentials

pytestmark = pytest.mark.slow


def test_sub_accounts_are_opened_listed_suspended_and_closed(client: Client, client_of: Callable[..., Client]) -> None:
    made = [client.api.accounts.create(friendly_name="Branch 7") for _ in range(3)]
    assert {one.sid for one in client.api.accounts.list(friendly_name="Branch 7", page_size=2)} == {
        one.sid for one in made
    }
    branch = client.api.accounts(str(made[0].sid))
    assert branch.update(friendly_name="Branch 8").friendly_name == "Branch 8"
    assert branch.update(status="suspended").status == "suspended"
    own = client_of(made[0].sid, made[0].auth_token)
    with pytest.raises(TwilioRestException) as told:
        own.messages.create(to="+14155550100", from_="+14155550101", body="Hello")
    assert (told.value.status, told.value.code) == (403, 20005)
    assert branch.update(status="active").status == "active"
    assert own.messages.list() == []
    assert branch.update(status="closed").status == "closed"


def test_keys_open_the_account_until_they_are_deleted(client: Client, client_of: Callable[..., Client]) -> None:
    made = client.new_keys.create(friendly_name="Deploy")
    assert made.sid
    assert made.secret
    by_key = client_of(made.sid, made.secret, account_sid=client.account_sid)
    assert isinstance(by_key.messages.list(limit=1), list)
    assert client.keys(made.sid).fetch().friendly_name == "Deploy"
    assert client.keys(made.sid).update(friendly_name="Deploy 2").friendly_name == "Deploy 2"
    assert made.sid in [one.sid for one in client.keys.list(page_size=1)]
    assert client.keys(made.sid).delete()
    with pytest.raises(TwilioRestException) as told:
        by_key.api.accounts(str(client.account_sid)).fetch()
    assert (told.value.status, told.value.code) == (401, 20003)


def test_the_auth_token_is_changed_without_a_gap(sub_client: Client, client_of: Callable[..., Client]) -> None:
    sid = sub_client.account_sid
    second = sub_client.accounts.v1.secondary_auth_token().create()
    by_second = client_of(sid, second.secondary_auth_token)
    assert by_second.api.accounts(str(sid)).fetch().sid == sid
    promoted = by_second.accounts.v1.auth_token_promotion().update()
    assert promoted.auth_token == second.secondary_auth_token


def test_what_was_used_and_what_is_left(client: Client) -> None:
    balance = client.balance.fetch()
    assert balance.currency == "USD"
    assert Decimal(str(balance.balance)) is not None
    assert client.usage.records.list(limit=3) is not None
    assert client.usage.records.all_time.list(category="sms", limit=1)[0].category == "sms"
    for period in ("daily", "monthly", "yearly", "today", "yesterday", "this_month", "last_month"):
        assert getattr(client.usage.records, period).list(category="sms-outbound", limit=2) is not None


def test_triggers_of_usage(sub_client: Client) -> None:
    made = sub_client.usage.triggers.create(
        callback_url="https://a.example/trigger", trigger_value="+100", usage_category="sms", friendly_name="Much"
    )
    trigger = sub_client.usage.triggers(str(made.sid))
    assert trigger.fetch().friendly_name == "Much"
    assert trigger.update(friendly_name="Very much").friendly_name == "Very much"
    assert [one.sid for one in sub_client.usage.triggers.list()] == [made.sid]
    assert trigger.delete()


def test_prices_by_country(client: Client) -> None:
    assert client.pricing.v1.messaging.countries("US").fetch().iso_country == "US"
    assert len(client.pricing.v1.messaging.countries.list(limit=5)) == 5
    assert client.pricing.v1.phone_numbers.countries("GB").fetch().price_unit
    assert client.pricing.v1.voice.countries("US").fetch().iso_country == "US"


def test_lookups_of_numbers(client: Client) -> None:
    found = client.lookups.v2.phone_numbers("+14155552671").fetch(fields="line_type_intelligence")
    assert (found.country_code, found.valid) == ("US", True)
    assert found.line_type_intelligence["type"]
    assert client.lookups.v2.phone_numbers("+1415").fetch().valid is False


def test_events_and_alerts(client: Client) -> None:
    client.api.accounts.create(friendly_name="Noted")
    events = client.monitor.v1.events.list(limit=5)
    assert events
    assert client.monitor.v1.events(str(events[0].sid)).fetch().sid == events[0].sid
    assert isinstance(client.monitor.v1.alerts.list(limit=3), list)
    assert isinstance(client.api.account.notifications.list(limit=3), list)


def test_the_parent_acts_for_its_sub_account_and_nobody_else(
    client: Client, new_account: Callable[[str], Credentials]
) -> None:
    branch = client.api.accounts.create(friendly_name="Branch")
    assert client.api.accounts(str(branch.sid)).messages.list() == []
    stranger = new_account("Stranger")
    with pytest.raises(TwilioRestException) as told:
        client.api.accounts(stranger.sid).fetch()
    assert (told.value.status, told.value.code) == (404, 20404)
