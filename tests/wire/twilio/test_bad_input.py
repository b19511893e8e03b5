"""Bad input, each with the vendor's status and code. What was refused leaves nothing behind."""

import base64
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.wire.twilio.bad_messages import CUSTOMER, MESSAGES, PICTURES, Told
from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.patience import eventually
from tests.wire.twilio.saying import Says

pytestmark = pytest.mark.slow


@pytest.fixture
def number(sub_client: Client) -> str:
    """A number of an account that this test has for itself."""
    return str(sub_client.incoming_phone_numbers.create(area_code="415").phone_number)


def send(client: Client, number: str, **changes: Any) -> Any:
    whole = {"to": CUSTOMER, "from_": number, "body": "Hello"} | changes
    if whole["to"] == "itself":
        whole["to"] = number
    return client.messages.create(**{name: value for name, value in whole.items() if value is not None})


def refusal(work: Callable[[], object]) -> Told:
    with pytest.raises(TwilioRestException) as told:
        work()
    return told.value.status, int(told.value.code or 0)


def test_what_cannot_be_sent_is_refused_and_leaves_nothing_behind(sub_client: Client, number: str) -> None:
    told = {name: refusal(partial(send, sub_client, number, **changes)) for name, (changes, _) in MESSAGES.items()}
    assert told == {name: expected for name, (_, expected) in MESSAGES.items()}
    assert sub_client.messages.list() == []


def test_what_is_just_within_the_limits_is_sent(sub_client: Client, number: str) -> None:
    assert send(sub_client, number, body="a" * 1600).num_segments == "11"
    assert send(sub_client, number, media_url=PICTURES[:10]).num_media == "10"
    assert send(sub_client, number, body=None, media_url=PICTURES[:1]).num_media == "1"
    assert send(sub_client, number, to="+1 (415) 555-0100").to == CUSTOMER


def test_a_number_of_another_account_is_nobody_s_here(client: Client, sub_client: Client, number: str) -> None:
    assert refusal(lambda: send(client, number)) == (400, 21606)
    owned = sub_client.incoming_phone_numbers.list(phone_number=number)[0]
    sub_client.incoming_phone_numbers(str(owned.sid)).delete()
    assert refusal(lambda: send(sub_client, number)) == (400, 21606)


def test_who_asked_not_to_be_written_to_is_not(client: Client, acme: Credentials, person_says: Says) -> None:
    person = "+14155550188"

    def told() -> Told | None:
        try:
            send(client, acme.phone_number, to=person)
        except TwilioRestException as refused:
            return refused.status, int(refused.code or 0)
        return None

    assert told() is None
    person_says("STOP", sender=person)
    assert eventually(told) == (400, 21610)
    person_says("START", sender=person)
    eventually(lambda: told() is None)


@pytest.fixture
def http(judged_dialect: JudgingServer, acme: Credentials) -> httpx.Client:
    """For what the SDK cannot send."""
    return httpx.Client(
        base_url=f"{judged_dialect.url}/2010-04-01/Accounts/{acme.sid}",
        auth=(acme.sid, acme.auth_token),
        headers={"Host": "api.twilio.com"},
        trust_env=False,
        timeout=30,
    )


def answered(answer: httpx.Response) -> Told:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("body", "content_type", "told"),
    [
        (b'{"To":"+14155550100","Body":"Hello"}', "application/json", (400, 20001)),
        (b"<Message/>", "text/xml", (400, 20001)),
        (b"To=%2B14155550100", "", (400, 20001)),
        (b"", "application/x-www-form-urlencoded", (400, 21604)),
        (b"To=%2B14155550100", "application/x-www-form-urlencoded", (400, 21602)),
        (b"Body=Hello", "application/x-www-form-urlencoded", (400, 21604)),
        (b"To=%2B14155550100&Body=%ff%fe", "application/x-www-form-urlencoded", (400, 20001)),
        (b"To=%2B14155550100&Body=Hello&ValidityPeriod=soon", "application/x-www-form-urlencoded", (400, 20001)),
        (b"&&&=&%", "application/x-www-form-urlencoded", (400, 21604)),
    ],
)
def test_a_body_that_is_no_good_form_is_refused(http: httpx.Client, body: bytes, content_type: str, told: Told) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert answered(http.post("/Messages.json", content=body, headers=headers)) == told


def test_unknown_parameters_are_ignored(http: httpx.Client, acme: Credentials) -> None:
    form = {"To": CUSTOMER, "From": acme.phone_number, "Body": "Hello", "Mood": "good", "to": "+1", "BODY": "?"}
    answer = http.post("/Messages.json", data=form, params={"Body": "of the query"})
    assert (answer.status_code, answer.json()["body"]) == (201, "Hello")


CREDENTIALS: dict[str, str | tuple[str, str]] = {
    "none": "",
    "a blank name and password": ("", ""),
    "an account that is none": ("AC" + "0" * 32, "0" * 32),
    "a key that is none": ("SK" + "0" * 32, "0" * 32),
    "a name that is no SID": ("acme", "secret"),
    "no pair": "Basic " + base64.b64encode(b"AC1").decode(),
    "no base 64": "Basic !!!",
    "no UTF-8": "Basic " + base64.b64encode(b"\xff:\xff").decode(),
    "no access token": "Bearer x.y.z",
    "another scheme": "Digest username=acme",
}


@pytest.mark.parametrize("given", CREDENTIALS)
def test_without_right_credentials_nothing_is_told(http: httpx.Client, given: str) -> None:
    credentials = CREDENTIALS[given]
    if isinstance(credentials, tuple):
        credentials = "Basic " + base64.b64encode(":".join(credentials).encode()).decode()
    request = httpx.Request("GET", f"{http.base_url}Messages.json", headers={"Host": "api.twilio.com"})
    if credentials:
        request.headers["Authorization"] = credentials
    answer = http.send(request, auth=None)
    assert answered(answer) == (401, 20003)
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_wrong_token_is_told_by_the_sdk_s_own_exception(client_of: Callable[..., Client], acme: Credentials) -> None:
    for token in ("0" * 32, " ", acme.test_auth_token, acme.auth_token + "0", acme.auth_token[:-1]):
        account = client_of(acme.sid, token).api.accounts(acme.sid)
        assert refusal(account.fetch) == (401, 20003)
