"""The official Python SDK with services and media: what goes out, what comes in, who stops, and what is answered.

The person at the other end is a second number of the account, so the simulated carrier brings back what is sent to it.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from tests.harness.running import RunningOctavo
from tests.products.comms.media.files import a_file
from tests.wire.twilio.commanding import commanded
from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.receiving import Answer, Received, Receiver

pytestmark = pytest.mark.slow
Number = IncomingPhoneNumberInstance


@pytest.fixture
def shop(client: Client, receiver: Receiver) -> Iterator[Number]:
    """A number with a server."""
    number = client.incoming_phone_numbers.create(area_code="415", sms_url=f"{receiver.url}/sms")
    yield number
    client.incoming_phone_numbers(number.sid or "").delete()


@pytest.fixture
def person(client: Client) -> Iterator[Number]:
    """Somebody who writes to it."""
    number = client.incoming_phone_numbers.create(area_code="212")
    yield number
    client.incoming_phone_numbers(number.sid or "").delete()


def said(client: Client, sender: Number, recipient: Number, body: str) -> None:
    client.messages.create(to=recipient.phone_number or "", from_=sender.phone_number, body=body)


def until(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def opted(word: str) -> Callable[[list[Received]], bool]:
    """Whether the server was told of this word, be it once or again."""
    return lambda got: any(one.form.get("OptOutType") == word for one in got)


def bodies(client: Client, sender: Number, recipient: Number) -> list[str]:
    """What the recipient got from the sender."""
    found = client.messages.list(from_=sender.phone_number, to=recipient.phone_number)
    return [str(one.body) for one in found if one.direction == "inbound"]


def test_a_service_is_made_read_listed_over_pages_changed_and_deleted(sub_client: Client) -> None:
    services = sub_client.messaging.v1.services
    made = [services.create(friendly_name=f"Shop {n}", sticky_sender=False, validity_period=600) for n in range(3)]
    assert [one.sid for one in services.list(page_size=2)] == [one.sid for one in reversed(made)]
    first = services(made[0].sid or "").fetch()
    assert (first.friendly_name, first.sticky_sender, first.validity_period) == ("Shop 0", False, 600)
    assert first.date_created.tzinfo is not None
    changed = first.update(friendly_name="Desk", inbound_request_url="https://a.example/in", smart_encoding=False)
    assert (changed.friendly_name, changed.smart_encoding) == ("Desk", False)
    assert first.delete()
    with pytest.raises(TwilioRestException) as refused:
        services(made[0].sid or "").fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_senders_go_into_a_pool_and_out(sub_client: Client) -> None:
    service = sub_client.messaging.v1.services.create(friendly_name="Shop")
    numbers = [sub_client.incoming_phone_numbers.create(area_code="415") for _ in range(3)]
    for number in numbers:
        service.phone_numbers.create(phone_number_sid=number.sid or "")
    listed = service.phone_numbers.list(page_size=2)
    assert {one.phone_number for one in listed} == {one.phone_number for one in numbers}
    with pytest.raises(TwilioRestException) as refused:
        service.phone_numbers.create(phone_number_sid=numbers[0].sid or "")
    assert refused.value.code == 21710
    assert service.phone_numbers(numbers[0].sid or "").delete()
    name = service.alpha_senders.create(alpha_sender="Acme")
    assert [one.alpha_sender for one in service.alpha_senders.list()] == ["Acme"]
    french = service.destination_alpha_senders.create(alpha_sender="Acme FR", iso_country_code="FR")
    assert [one.sid for one in service.destination_alpha_senders.list(iso_country_code="FR")] == [french.sid]
    assert service.alpha_senders(name.sid or "").delete()
    assert service.short_codes.list() == []


def test_a_service_chooses_the_sender_and_names_go_abroad(sub_client: Client) -> None:
    service = sub_client.messaging.v1.services.create(friendly_name="Shop")
    with pytest.raises(TwilioRestException) as refused:
        sub_client.messages.create(to="+14155550123", messaging_service_sid=service.sid, body="Hi")
    assert refused.value.code == 21704
    number = sub_client.incoming_phone_numbers.create(area_code="415")
    service.phone_numbers.create(phone_number_sid=number.sid or "")
    service.alpha_senders.create(alpha_sender="Acme")
    home = sub_client.messages.create(to="+14155550123", messaging_service_sid=service.sid, body="Hi")
    abroad = sub_client.messages.create(to="+33612345678", messaging_service_sid=service.sid, body="Salut")
    assert (home.status, home.from_, home.messaging_service_sid) == ("accepted", None, service.sid)
    assert until(lambda: sub_client.messages(home.sid or "").fetch().from_) == number.phone_number
    assert until(lambda: sub_client.messages(abroad.sid or "").fetch().from_) == "Acme"


def test_what_only_carriers_elsewhere_ask_for_is_empty(sub_client: Client) -> None:
    service = sub_client.messaging.v1.services.create(friendly_name="Shop")
    assert service.us_app_to_person.list() == []
    assert service.channel_senders.list() == []
    assert service.us_app_to_person_usecases.fetch().us_app_to_person_usecases
    assert sub_client.messaging.v1.usecases.fetch().usecases
    assert sub_client.short_codes.list() == []
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert f"/v1/Deactivations/{yesterday}/" in str(
        sub_client.messaging.v1.deactivations().fetch(yesterday).redirect_to
    )


def test_what_comes_in_is_told_and_the_answer_goes_back(
    client: Client, shop: Number, person: Number, receiver: Receiver
) -> None:
    receiver.answers["/sms"] = Answer(200, "<Response><Message>Hello <Body>You said hi</Body></Message></Response>")
    said(client, person, shop, "Hi, is anybody there?")
    [told, *_] = receiver.until("/sms", lambda got: len(got) >= 1)
    assert (told.form["From"], told.form["To"]) == (person.phone_number, shop.phone_number)
    assert (told.form["Body"], told.form["FromState"]) == ("Hi, is anybody there?", "NY")
    came = client.messages(told.form["MessageSid"]).fetch()
    assert (came.direction, came.status, came.price) == ("inbound", "received", came.price)
    until(lambda: "You said hi" in bodies(client, shop, person))
    sent = client.messages.list(from_=shop.phone_number, to=person.phone_number)
    assert "outbound-reply" in {one.direction for one in sent}


def test_a_redirect_leads_to_another_document_with_the_same_parameters(
    client: Client, shop: Number, person: Number, receiver: Receiver
) -> None:
    receiver.answers["/sms"] = Answer(200, "<Response><Redirect>/next</Redirect></Response>")

    def repeat(got: Received) -> Answer:
        return Answer(200, f"<Response><Message>{got.form['Body']}!</Message></Response>")

    receiver.answers["/next"] = repeat
    said(client, person, shop, "Echo")
    until(lambda: "Echo!" in bodies(client, shop, person))


def test_who_stops_is_not_written_to_until_they_start_again(
    client: Client, shop: Number, person: Number, receiver: Receiver
) -> None:
    said(client, person, shop, "STOP")
    [told, *_] = receiver.until("/sms", lambda got: len(got) >= 1)
    assert told.form["OptOutType"] == "STOP"
    until(lambda: any("unsubscribed" in body for body in bodies(client, shop, person)))
    with pytest.raises(TwilioRestException) as refused:
        said(client, shop, person, "Buy now")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    said(client, person, shop, "help")
    receiver.until("/sms", opted("HELP"))
    said(client, person, shop, "Start")
    receiver.until("/sms", opted("START"))
    said(client, shop, person, "Welcome back")
    until(lambda: "Welcome back" in bodies(client, shop, person))


def test_an_account_may_have_words_and_answers_of_its_own(
    client: Client, shop: Number, person: Number, receiver: Receiver, octavo: RunningOctavo, acme: Credentials
) -> None:
    whose = ["--account", acme.sid, "--sender", shop.phone_number or ""]
    stop = ["words", "stop", "--word", "Arrêt", "--word", "stop", "--answer", "C'est fini."]
    assert commanded(octavo.data_dir, *stop, *whose) == "STOP: arrêt, stop\nC'est fini.\n"
    said(client, person, shop, "ARRÊT")
    until(lambda: "C'est fini." in bodies(client, shop, person))
    assert receiver.until("/sms", lambda got: len(got) >= 1)[0].form["OptOutType"] == "STOP"


def test_who_stops_a_service_hears_from_none_of_its_numbers(client: Client, person: Number, receiver: Receiver) -> None:
    service = client.messaging.v1.services.create(friendly_name="Shop", inbound_request_url=f"{receiver.url}/service")
    numbers = [client.incoming_phone_numbers.create(area_code="415") for _ in range(2)]
    for number in numbers:
        service.phone_numbers.create(phone_number_sid=number.sid or "")
    said(client, person, numbers[0], "unsubscribe")
    [told, *_] = receiver.until("/service", lambda got: len(got) >= 1)
    assert told.form["MessagingServiceSid"] == service.sid
    for sender in ({"messaging_service_sid": service.sid}, {"from_": numbers[0].phone_number}):
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to=person.phone_number or "", body="Buy now", **sender)
        assert refused.value.code == 21610
    said(client, person, numbers[1], "unstop")
    receiver.until("/service", opted("START"))
    client.messages.create(to=person.phone_number or "", body="Hello again", messaging_service_sid=service.sid)
    for number in numbers:
        client.incoming_phone_numbers(number.sid or "").delete()
    service.delete()


def test_a_picture_goes_out_comes_in_and_can_be_had(
    client: Client,
    shop: Number,
    person: Number,
    receiver: Receiver,
    judged_dialect: JudgingServer,
    octavo: RunningOctavo,
    tmp_path: Path,
) -> None:
    picture = a_file(tmp_path, "a.gif")
    receiver.answers["/a.gif"] = Answer(200, picture, "image/gif")
    receiver.unsigned.add("/a.gif")
    sent = client.messages.create(
        to=shop.phone_number or "", from_=person.phone_number, body="Look", media_url=[f"{receiver.url}/a.gif"]
    )
    assert (sent.num_media, (sent.sid or "")[:2]) == ("1", "MM")
    [told, *_] = receiver.until("/sms", lambda got: len(got) >= 1)
    assert (told.form["NumMedia"], told.form["MediaContentType0"]) == ("1", "image/gif")
    [media] = client.messages(told.form["MessageSid"]).media.list()
    assert told.form["MediaUrl0"].endswith(f"/Media/{media.sid}")
    assert (media.content_type, media.parent_sid) == ("image/gif", told.form["MessageSid"])
    path = told.form["MediaUrl0"].removeprefix("https://api.twilio.com")
    base, credentials = f"http://127.0.0.1:{octavo.ports['twilio']}", (client.username, client.password)
    assert requests.get(base + path, auth=credentials, timeout=60).content == picture
    assert requests.get(base + path, timeout=60).status_code == 401
    assert client.messages(told.form["MessageSid"]).media(media.sid or "").delete()
    assert client.messages(told.form["MessageSid"]).media.list() == []


def test_media_that_cannot_be_had_fails_the_message(client: Client, shop: Number, receiver: Receiver) -> None:
    receiver.answers["/lie.png"] = Answer(200, "<html>no picture</html>", "image/png")
    receiver.unsigned.add("/lie.png")
    for url, code in ((f"{receiver.url}/lie.png", 12300), ("http://169.254.169.254/latest/meta-data", 11100)):
        sent = client.messages.create(to="+14155550123", from_=shop.phone_number, media_url=[url])
        failed = until(lambda sid=sent.sid: (one := client.messages(sid).fetch()).status == "failed" and one)
        assert (failed.error_code, bool(failed.error_message)) == (code, True)
