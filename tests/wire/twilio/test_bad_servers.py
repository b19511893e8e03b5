"""Servers that hang, fail, send round in rings or are not there: asked again, then the fallback, then an alert.

The message itself goes its way, whatever becomes of the word about it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from twilio.rest import Client
from twilio.rest.monitor.v1.alert import AlertInstance
from twilio.twiml.messaging_response import MessagingResponse

from tests.harness.running import RunningOctavo
from tests.wire.twilio.impatient import OUTSIDE
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.receiving import Answer, Received, Receiver, receiving
from tests.wire.twilio.saying import person_of
from tests.wire.twilio.trap import Trap

pytestmark = pytest.mark.slow
CUSTOMER = "+14155550161"
BAD = "/bad"


@dataclass(frozen=True)
class Temper:
    """How a server misbehaves, and the debugger's code for it. `requests` is how often it is asked in one round, and
    `patience` what its URL says of how long.
    """

    code: str
    answer: Answer = field(default_factory=Answer)
    requests: int = 1
    patience: str = ""


TEMPERS = {
    "hangs": Temper("11205", Answer(204, seconds=30.0), patience="#tt=3000"),
    "answers 500": Temper("11200", Answer(500, "out of order", "text/plain")),
    "answers 404": Temper("11200", Answer(404, "not here", "text/plain")),
    "sends round in rings": Temper("11215", Answer(302, headers={"Location": BAD}), requests=6),
}
NOT_THERE = {
    f"http://{OUTSIDE}:1/": "11205",
    "http://nobody.invalid/": "11210",
}


@pytest.fixture
def server(owner: Client) -> Iterator[Receiver]:
    """A server of this test's own, so that no other test has made Octavo cautious of it."""
    with receiving(OUTSIDE) as one:
        one.knows(owner.account_sid, owner.password)
        yield one
        assert not one.faults, "\n".join(one.faults)


@pytest.fixture
def number(owner: Client) -> str:
    return str(owner.incoming_phone_numbers.create(area_code="415").phone_number)


@pytest.fixture
def hears(impatient: RunningOctavo, owner: Client, number: str) -> Callable[..., str]:
    """The number has these addresses, and somebody writes to it: `hears(sms_url=…)` gives who."""

    def hear(**addresses: str) -> str:
        owned = owner.incoming_phone_numbers.list(phone_number=number)[0]
        owner.incoming_phone_numbers(str(owned.sid)).update(**addresses)
        person_of(impatient, owner.account_sid, number)("Is anybody there?", sender=CUSTOMER)
        return CUSTOMER

    return hear


def alerts_of(client: Client, resource_sid: str, count: int = 1) -> list[AlertInstance]:
    """The alerts about a message, once there are so many."""

    def found() -> list[AlertInstance] | None:
        some = [one for one in client.monitor.v1.alerts.list(limit=100) if one.resource_sid == resource_sid]
        return some if len(some) >= count else None

    return eventually(found)


def delivered(client: Client, number: str, callback: str) -> str:
    """A message with this status callback, which is delivered all the same; its SID."""
    made = client.messages.create(to=CUSTOMER, from_=number, body="Hello", status_callback=callback)
    eventually(lambda: client.messages(str(made.sid)).fetch().status == "delivered")
    return str(made.sid)


@pytest.mark.parametrize("temper", TEMPERS)
def test_a_status_callback_is_sent_again_and_then_told_of(
    owner: Client, number: str, server: Receiver, temper: str
) -> None:
    how = TEMPERS[temper]
    server.answers[BAD] = how.answer
    sid = delivered(owner, number, server.url + BAD + how.patience)
    got = server.until(BAD, lambda got: len(got) >= 4 * how.requests)[:: how.requests]
    assert [one.form["MessageStatus"] for one in got[:4]] == ["sent", "sent", "delivered", "delivered"]
    told = alerts_of(owner, sid, count=4)
    assert {one.error_code for one in told} == {how.code}
    assert {one.request_url for one in told} == {server.url + BAD}
    assert owner.monitor.v1.alerts(str(told[0].sid)).fetch().response_body == (how.answer.body or None)


def test_a_server_that_comes_back_hears_all_in_order(owner: Client, number: str, server: Receiver) -> None:
    server.answers[BAD] = lambda _: Answer(503 if len(server.at(BAD)) == 1 else 204)
    delivered(owner, number, server.url + BAD)
    got = server.until(BAD, lambda got: len(got) >= 3)
    assert [one.form["MessageStatus"] for one in got] == ["sent", "sent", "delivered"]


@pytest.mark.parametrize("url", NOT_THERE)
def test_a_server_that_is_not_there_is_told_of(owner: Client, number: str, url: str) -> None:
    told = alerts_of(owner, delivered(owner, number, url))
    assert (told[0].error_code, told[0].log_level) == (NOT_THERE[url], "error")


@pytest.mark.parametrize("temper", TEMPERS)
def test_a_webhook_has_its_fallback_which_is_obeyed_and_an_alert_tells_of_it(
    owner: Client, server: Receiver, hears: Callable[..., str], temper: str
) -> None:
    how = TEMPERS[temper]
    reply = MessagingResponse()
    reply.message(f"From the fallback, as it {temper}")
    server.answers |= {BAD: how.answer, "/fallback": Answer(200, str(reply))}
    person = hears(sms_url=server.url + BAD + how.patience, sms_fallback_url=f"{server.url}/fallback")
    [told, *_] = server.until("/fallback", lambda got: len(got) >= 1)
    assert len(server.at(BAD)) == how.requests
    assert (told.form["ErrorCode"], told.form["ErrorUrl"]) == (how.code, server.url + BAD)
    assert told.form["Body"] == "Is anybody there?"
    eventually(lambda: any(str(one.body).endswith(temper) for one in owner.messages.list(to=person)))
    [alert] = alerts_of(owner, told.form["MessageSid"])
    assert (alert.error_code, alert.request_url) == (how.code, server.url + BAD)


def test_a_webhook_asks_to_be_tried_several_times_before_its_fallback(
    server: Receiver, hears: Callable[..., str]
) -> None:
    server.answers[BAD] = Answer(500)
    hears(sms_url=f"{server.url}{BAD}#rc=2&rp=5xx", sms_fallback_url=f"{server.url}/fallback")
    server.until("/fallback", lambda got: len(got) >= 1)
    assert len(server.at(BAD)) == 3


@pytest.mark.parametrize("temper", TEMPERS)
def test_a_webhook_whose_fallback_is_no_better_is_asked_again_and_told_of(
    owner: Client, server: Receiver, hears: Callable[..., str], temper: str
) -> None:
    how = TEMPERS[temper]
    server.answers |= {BAD: Answer(500), "/worse": _at(how.answer, "/worse")}
    hears(sms_url=server.url + BAD, sms_fallback_url=f"{server.url}/worse{how.patience}")
    got = server.until("/worse", lambda got: len(got) >= 2 * how.requests)
    assert [one.path for one in server.got if one.path == BAD] == [BAD, BAD]
    alerts = alerts_of(owner, _message_of(got), count=2)
    assert {(one.error_code, one.request_url) for one in alerts} == {(how.code, f"{server.url}/worse")}


def test_callbacks_lead_nobody_inside_however_the_address_is_written(
    owner: Client, number: str, server: Receiver, trap: Trap
) -> None:
    ways = {host: trap.urls()[host] for host in trap.urls()}
    for host, url in trap.urls().items():
        server.answers[f"/to/{host}"] = Answer(302, headers={"Location": url})
        ways[f"to {host}"] = f"{server.url}/to/{host}"
    sids = {host: delivered(owner, number, url) for host, url in ways.items()}
    found = {host: alerts_of(owner, sid)[0].error_code for host, sid in sids.items()}
    assert {host: code for host, code in found.items() if code != "11100"} == {}


def test_webhooks_lead_nobody_inside(owner: Client, number: str, hears: Callable[..., str], trap: Trap) -> None:
    inside = trap.urls()
    person = hears(sms_url=inside["localhost"], sms_fallback_url=inside["[::1]"])
    [came] = eventually(lambda: owner.messages.list(from_=person, to=number) or None)
    assert {one.error_code for one in alerts_of(owner, str(came.sid))} == {"11100"}


def _at(answer: Answer, path: str) -> Answer:
    """The same, with its ring at that path."""
    return Answer(302, headers={"Location": path}) if answer.status == 302 else answer


def _message_of(got: list[Received]) -> str:
    return next(one.form["MessageSid"] for one in got if one.form)
