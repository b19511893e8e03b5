"""The official SDK reads alerts, notifications and events; a server that fails is told of in the debugger."""

from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.monitor.v1.alert import AlertInstance

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Answer, Receiver

pytestmark = pytest.mark.slow


def test_a_status_callback_that_fails_makes_an_alert(client: Client, acme: Credentials, receiver: Receiver) -> None:
    receiver.answers["/broken"] = Answer(status=500, body="out of order", content_type="text/plain")
    message = client.messages.create(
        to="+14155550177", from_=acme.phone_number, body="Hello", status_callback=f"{receiver.url}/broken"
    )
    since = datetime.now(UTC) - timedelta(minutes=5)
    found = eventually(lambda: _of(client, message.sid, since))
    alert = client.monitor.v1.alerts(str(found.sid)).fetch()
    assert (alert.error_code, alert.log_level, alert.request_method) == ("11200", "error", "POST")
    assert alert.request_url == f"{receiver.url}/broken"
    assert alert.response_body == "out of order"
    assert "MessageSid" in str(alert.request_variables)
    assert alert.date_created
    assert alert.date_created > since.replace(microsecond=0)
    assert alert.sid not in [one.sid for one in client.monitor.v1.alerts.list(end_date=since)]
    notification = client.api.notifications(str(alert.sid)).fetch()
    assert (notification.error_code, notification.log) == ("11200", "0")
    assert alert.sid in [one.sid for one in client.api.notifications.list(log=0, message_date=datetime.now(UTC).date())]


def _of(client: Client, resource_sid: str | None, since: datetime) -> AlertInstance | None:
    return next(
        (one for one in client.monitor.v1.alerts.list(start_date=since) if one.resource_sid == resource_sid), None
    )


def test_changes_of_an_account_are_listed_over_several_pages(sub_client: Client) -> None:
    sub_client.api.accounts(str(sub_client.account_sid)).update(friendly_name="Renamed")
    number = sub_client.incoming_phone_numbers.create(area_code="415")
    sub_client.incoming_phone_numbers(str(number.sid)).delete()
    listed = sub_client.monitor.v1.events.list(page_size=2)
    assert [one.event_type for one in listed] == ["phone-number.deleted", "phone-number.created", "account.updated"]
    event = sub_client.monitor.v1.events(str(listed[-1].sid)).fetch()
    assert event.event_data["friendly_name"]["updated"] == "Renamed"
    of_number = sub_client.monitor.v1.events.list(resource_sid=str(number.sid))
    assert len(of_number) == 2


def test_what_is_not_there_is_told_by_a_typed_exception(client: Client) -> None:
    for resource in (client.monitor.v1.alerts("NO" + "0" * 32), client.monitor.v1.events("AE" + "0" * 32)):
        with pytest.raises(TwilioRestException) as told:
            resource.fetch()
        assert (told.value.status, told.value.code) == (404, 20404)
