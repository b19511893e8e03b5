"""Rules of the wire that no SDK breaks by itself: other methods, dates and hosts."""

import httpx
import pytest
from twilio.jwt.access_token import AccessToken
from twilio.rest import Client

from tests.wire.twilio.conftest import Credentials
from tests.wire.twilio.judging import JudgingServer

pytestmark = pytest.mark.slow


@pytest.fixture
def http(judged_dialect: JudgingServer, acme: Credentials) -> httpx.Client:
    return httpx.Client(
        base_url=judged_dialect.url,
        auth=(acme.sid, acme.auth_token),
        headers={"Host": "api.twilio.com"},
        trust_env=False,
        timeout=30,
    )


def path(acme: Credentials) -> str:
    return f"/2010-04-01/Accounts/{acme.sid}/Messages.json"


def test_access_tokens_of_the_sdk_show_the_account_and_open_nothing(
    http: httpx.Client, client: Client, acme: Credentials
) -> None:
    key = client.new_keys.create(friendly_name="Tokens")
    good = AccessToken(acme.sid, key.sid, key.secret, identity="ana").to_jwt()
    forged = AccessToken(acme.sid, key.sid, "0" * 32, identity="ana").to_jwt()
    ended = AccessToken(acme.sid, key.sid, key.secret, identity="ana", ttl=-60).to_jwt()

    def status(token: str, where: str) -> int:
        headers = {"Host": "api.twilio.com", "Authorization": f"Bearer {token}"}
        return httpx.get(str(http.base_url) + where, headers=headers, trust_env=False, timeout=60).status_code

    own = f"/2010-04-01/Accounts/{acme.sid}.json"
    assert [status(token, own) for token in (good, forged, ended)] == [200, 401, 401]
    assert status(good, path(acme)) == 401


def test_a_method_that_is_not_there_is_refused(http: httpx.Client, acme: Credentials) -> None:
    assert http.put(path(acme)).status_code == 405


def test_dates_are_filtered_by_the_vendors_own_names(http: httpx.Client, acme: Credentials) -> None:
    for name in ("DateSent", "DateSent<", "DateSent>"):
        assert http.get(path(acme), params={name: "2026-01-01"}).status_code == 200
    assert http.get(path(acme), params={"DateSent": "yesterday"}).status_code == 400
    for end in ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z"):
        assert http.get(path(acme), params={"DateSent": end}).status_code == 200


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_a_page_of_no_size_is_refused(http: httpx.Client, acme: Credentials, value: str) -> None:
    assert http.get(path(acme), params={"PageSize": value}).status_code == 400


def test_the_same_paths_mean_other_things_on_other_hosts(http: httpx.Client) -> None:
    verify = http.get("/v2/Services", headers={"Host": "verify.twilio.com"})
    messaging = http.get("/v1/Services", headers={"Host": "messaging.twilio.com"})
    assert (verify.status_code, messaging.status_code) == (200, 200)
    assert verify.json()["meta"]["url"].startswith("https://verify.twilio.com/v2/Services?")
    regional = http.get("/v1/Services", headers={"Host": "messaging.dublin.ie1.twilio.com"})
    assert regional.json()["meta"]["first_page_url"].startswith("https://messaging.dublin.ie1.twilio.com/v1/Services?")
