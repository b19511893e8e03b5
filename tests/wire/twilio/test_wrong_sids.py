"""What is asked for under a wrong SID is not there, on every route and in each place of its path.

All else of the call is right: the SIDs before and behind it, and the parameters.
"""

import re
from collections.abc import Iterator, Mapping

import httpx
import pytest
from twilio.rest import Client

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.dialect import TWILIO
from tests.wire.twilio.judging import JudgingServer

pytestmark = pytest.mark.slow
NOBODY = "0" * 32
There = Mapping[tuple[str, str], str]
# The letters of the SIDs in paths, by host where hosts differ.
LETTERS = {
    "account_sid": "AC",
    "add_on_sid": "XE",
    "address_sid": "AD",
    "alert_sid": "NO",
    "alpha_sid": "AI",
    "application_sid": "AP",
    "attempt_sid": "VL",
    "bucket_sid": "BL",
    "call_sid": "CA",
    "caller_id_sid": "PN",
    "challenge_sid": "YC",
    "credential_sid": "CR",
    "event_sid": "AE",
    "factor_sid": "YF",
    "key_sid": "SK",
    "media_sid": "ME",
    "message_sid": "SM",
    "notification_sid": "NO",
    "number_sid": "PN",
    "rate_limit_sid": "RK",
    "service_sid": "VA",
    "short_code_sid": "SC",
    "trigger_sid": "UT",
    "verification_sid": "VE",
    "webhook_sid": "YW",
}
PLACES = [
    (route, place) for route in TWILIO.routes for place in re.findall(r"\{(\w+)\}", route.path) if place in LETTERS
]
NOT_THERE, ANOTHER_KIND = "right letters", "there, of another kind"
WRONG = {
    NOT_THERE: "",
    ANOTHER_KIND: "",
    "other letters": "XX" + NOBODY,
    "no digits": "SM" + "g" * 32,
    "too short": "SM1",
    "a word": "nothing",
    "a zero byte": "%00",
    "a statement": "'%20OR%201=1",
    "too long": "x" * 300,
}
# No call has been made that could be known.
KNOWN_BY_FORM = {"call_sid"}


@pytest.fixture
def there(sub_client: Client) -> There:
    """What stands before other SIDs in paths, by host and place."""
    number = sub_client.incoming_phone_numbers.create(area_code="415")
    message = sub_client.messages.create(to="+14155550100", from_=number.phone_number, body="Hello")
    address = sub_client.addresses.create("Acme", "1 Long Lane", "Springfield", "OR", "97477", "US")
    shop = sub_client.messaging.v1.services.create(friendly_name="Shop")
    service = sub_client.verify.v2.services.create(friendly_name="Shop")
    limit = sub_client.verify.v2.services(str(service.sid)).rate_limits.create(unique_name="end_user")
    sub_client.verify.v2.services(str(service.sid)).entities.create(identity="customer-0001")
    return {
        ("api", "account_sid"): sub_client.account_sid,
        ("api", "address_sid"): str(address.sid),
        ("api", "message_sid"): str(message.sid),
        ("api", "number_sid"): str(number.sid),
        ("messaging", "service_sid"): str(shop.sid),
        ("verify", "service_sid"): str(service.sid),
        ("verify", "rate_limit_sid"): str(limit.sid),
        ("verify", "identity"): "customer-0001",
        ("verify", "country"): "US",
    }


@pytest.fixture
def http(sub_client: Client, judged_dialect: JudgingServer) -> Iterator[httpx.Client]:
    who = (sub_client.username, sub_client.password)
    with httpx.Client(base_url=judged_dialect.url, auth=who, trust_env=False, timeout=30) as client:
        yield client


def test_the_places_of_sids_are_known() -> None:
    """A new kind of SID cannot stay untested."""
    named = {place for route in TWILIO.routes for place in re.findall(r"\{(\w+sid)\}", route.path)}
    assert named == LETTERS.keys()
    assert len(PLACES) > 180


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_sid_is_not_found_in_any_place(http: httpx.Client, there: There, kind: str) -> None:
    told = {
        f"{place} in {route.method} {route.path}": answer(http, route, there, place, kind)
        for route, place in PLACES
        if not (kind == NOT_THERE and place in KNOWN_BY_FORM)
    }
    assert {name: said for name, said in told.items() if said != (404, 20404)} == {}


def answer(http: httpx.Client, route: Route, there: There, place: str, kind: str) -> tuple[int, int]:
    host, path = route.path[1:].split("/", 1)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return wrong_sid(kind, host, name, there) if name == place else there.get((host, name), nobody(host, name))

    written = re.sub(r"\{(\w+)\}", value, path) + (".json" if host == "api" else "")
    form = parameters(route, there) if route.method == "POST" else None
    said = http.request(route.method, f"/{written}", headers={"Host": f"{host}.twilio.com"}, data=form)
    return said.status_code, said.json()["code"]


def wrong_sid(kind: str, host: str, place: str, there: There) -> str:
    if kind == ANOTHER_KIND:
        return there["api", "address_sid" if place == "message_sid" else "message_sid"]
    return WRONG[kind] or nobody(host, place)


def nobody(host: str, place: str) -> str:
    return letters(host, place) + NOBODY


def letters(host: str, place: str) -> str:
    return "MG" if (host, place) == ("messaging", "service_sid") else LETTERS.get(place, "")


def parameters(route: Route, there: There) -> dict[str, str]:
    """What any of the routes wants: parameters that one does not know are nothing to it."""
    form = {
        "AlphaSender": "Acme",
        "AuthPayload": "123456",
        "Body": "",
        "Channel": "sms",
        "Code": "123456",
        "Country": "US",
        "EventTypes": "factor.verified",
        "FactorSid": "YF" + NOBODY,
        "FactorType": "totp",
        "FriendlyName": "Desk",
        "Identity": "customer-0002",
        "InstalledAddOnSid": "XB" + NOBODY,
        "Interval": "60",
        "IsoCountryCode": "FR",
        "Max": "2",
        "MessagingServiceSid": there["messaging", "service_sid"],
        "PhoneNumberSid": there["api", "number_sid"],
        "To": "+14155550100",
        "UniqueName": "end_user_ip",
        "WebhookUrl": "https://a.example/told",
    }
    return form | ({"Status": "canceled"} if route.path.endswith("{verification_sid}") else {})
