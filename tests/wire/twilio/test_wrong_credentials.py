"""Whoever calls with wrong credentials again and again is told to wait, at that address, and keeps nobody else out."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.identity import count_wrong_caller
from octavo.products.comms.account.rows import NewAccount
from octavo.twilio_client import OctavoHttpClient
from tests.harness.web import AppServer
from tests.products.comms.accounts import an_account

pytestmark = pytest.mark.slow
MANY = 30
Ask = Callable[..., httpx.Response]


@pytest.fixture
async def acme(engines: Engines) -> NewAccount:
    return await an_account(engines)


@pytest.fixture
def ask(app_server: AppServer, acme: NewAccount) -> Ask:
    """Read the account with a token: `ask(token)`, from another address of this machine: `ask(token, "127.0.0.2")`."""

    def get(token: str, address: str = "127.0.0.1") -> httpx.Response:
        with httpx.Client(
            base_url=app_server.dialects["twilio"],
            auth=(acme.account.sid, token),
            headers={"Host": "api.twilio.com"},
            transport=httpx.HTTPTransport(local_address=address),
            timeout=60,
        ) as http:
            return http.get(f"/2010-04-01/Accounts/{acme.account.sid}.json")

    return get


@pytest.fixture
async def guessed(engines: Engines, acme: NewAccount) -> None:
    """Somebody at 127.0.0.1 was wrong so often that there is a minute to wait."""
    for _ in range(MANY):
        await count_wrong_caller(engines.context(now()), acme.account.sid, "127.0.0.1")


async def test_the_sdk_raises_20003_and_at_last_20429(app_server: AppServer, acme: NewAccount) -> None:
    http = OctavoHttpClient(app_server.dialects["twilio"])

    def told(token: str) -> tuple[int, int | None]:
        with pytest.raises(TwilioRestException) as refused:
            Client(acme.account.sid, token, http_client=http).api.accounts(acme.account.sid).fetch()
        return refused.value.status, refused.value.code

    answers = await asyncio.to_thread(lambda: [told(f"{number:032x}") for number in range(MANY)])
    assert answers[0] == (401, 20003)
    assert set(answers) == {(401, 20003), (429, 20429)}


async def test_the_answer_says_how_long_to_wait_and_even_the_right_token_waits_there(
    ask: Ask, acme: NewAccount, guessed: None
) -> None:
    for token in ("0" * 32, acme.auth_token):
        refused = await asyncio.to_thread(ask, token)
        assert (refused.status_code, refused.json()["code"]) == (429, 20429)
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert "again in" in refused.json()["message"]


async def test_the_right_token_opens_from_another_address(ask: Ask, acme: NewAccount, guessed: None) -> None:
    assert (await asyncio.to_thread(ask, acme.auth_token, "127.0.0.2")).status_code == 200


async def test_who_was_right_before_is_not_kept_out_by_strangers_at_the_same_address(
    ask: Ask, acme: NewAccount, engines: Engines
) -> None:
    assert (await asyncio.to_thread(ask, acme.auth_token)).status_code == 200
    for _ in range(MANY):
        await count_wrong_caller(engines.context(now()), acme.account.sid, "127.0.0.1")
    assert (await asyncio.to_thread(ask, "0" * 32)).status_code == 429
    engines.cache.clear()  # as after the five seconds for which an answer is remembered
    assert (await asyncio.to_thread(ask, acme.auth_token)).status_code == 200


async def test_calls_without_credentials_are_no_guesses(app_server: AppServer, acme: NewAccount) -> None:
    async with httpx.AsyncClient(
        base_url=app_server.dialects["twilio"], headers={"Host": "api.twilio.com"}, timeout=60
    ) as http:
        answers = [await http.get(f"/2010-04-01/Accounts/{acme.account.sid}.json") for _ in range(MANY)]
    assert {answer.status_code for answer in answers} == {401}
