"""Both ways in, with both official SDKs: nothing in a program changes but where it connects."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.harness.running import RunningOctavo
from tests.wire.twilio.conftest import Credentials, RunningProxy, through

pytestmark = pytest.mark.slow


def test_the_client_of_ten_lines_reaches_the_account(client: Client, acme: Credentials) -> None:
    assert client.api.accounts(acme.sid).fetch().friendly_name == "Acme"


def test_the_proxy_reaches_the_account(proxied_client: Client, acme: Credentials) -> None:
    assert proxied_client.api.accounts(acme.sid).fetch().friendly_name == "Acme"


def test_environment_variables_are_enough(
    proxy: RunningProxy, acme: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.proxy)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", proxy.ca)
    assert Client(acme.sid, acme.auth_token).api.accounts(acme.sid).fetch().sid == acme.sid


def test_octavo_up_runs_the_proxy_where_its_settings_say_so(octavo: RunningOctavo, acme: Credentials) -> None:
    beside = RunningProxy(
        proxy=f"http://127.0.0.1:{octavo.ports['proxy']}",
        ca=str(octavo.data_dir / "keys" / "proxy" / "authority.pem"),
        to="",
    )
    client = Client(acme.sid, acme.auth_token, http_client=through(beside))
    assert client.api.accounts(acme.sid).fetch().sid == acme.sid


def test_clients_of_another_region_reach_it_too(proxy: RunningProxy, acme: Credentials) -> None:
    client = Client(acme.sid, acme.auth_token, region="ie1", edge="dublin", http_client=through(proxy))
    assert client.api.accounts(acme.sid).fetch().sid == acme.sid


def test_the_node_sdk_reaches_the_account_through_the_proxy(run_node: Callable[..., Any], acme: Credentials) -> None:
    assert run_node("first_steps.mjs") == {"sid": acme.sid, "friendlyName": "Acme"}


def test_the_node_sdk_reaches_the_account_by_a_client_of_ten_lines(
    run_node: Callable[..., Any], acme: Credentials, judged_dialect: Any
) -> None:
    told = run_node("ten_lines.mjs", judged_dialect.url, HTTP_PROXY="", NODE_EXTRA_CA_CERTS="")
    assert told == {"sid": acme.sid, "code": 20404}


def test_wrong_credentials_are_told_by_the_sdk_s_own_exception(
    client_of: Callable[..., Client], acme: Credentials
) -> None:
    with pytest.raises(TwilioRestException) as told:
        client_of(acme.sid, "0" * 32).api.accounts(acme.sid).fetch()
    assert (told.value.status, told.value.code) == (401, 20003)


@pytest.mark.parametrize(
    "url",
    ["https://example.com/", "https://twilio.com.example.org/", "https://127.0.0.1/", "https://api.twilio.com:8443/"],
)
def test_the_proxy_leads_nowhere_else(proxy: RunningProxy, url: str) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        httpx.get(url, proxy=proxy.proxy, trust_env=False, timeout=60)


def test_the_proxy_opens_tunnels_only(proxy: RunningProxy) -> None:
    answer = httpx.get("http://api.twilio.com/", proxy=proxy.proxy, trust_env=False, timeout=60)
    assert answer.status_code == 403
    assert "CONNECT" in answer.text
