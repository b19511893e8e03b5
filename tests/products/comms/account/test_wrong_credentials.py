"""Every way in slows down whoever calls with wrong credentials, and none forgets that another one did."""

from datetime import timedelta

import httpx
import jwt
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.identity import count_wrong_caller
from octavo.products.comms.account.actions import create_key
from octavo.products.comms.account.authenticate import ACCESS_TOKEN_TYPE, authenticate
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from tests.harness.web import AppServer

MANY = 22
HERE = "192.0.2.1"


def ways_in(server: AppServer) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "twilio": (f"{server.dialects['twilio']}/2010-04-01/Accounts.json", {"Host": "api.twilio.com"}),
        "own": (f"{server.url}/api/comms/v1/messages", {}),
        "article": (f"{server.dialects['article']}/messaging/messages/1", {}),
    }


@pytest.mark.parametrize("way", ["twilio", "own", "article"])
async def test_who_is_wrong_too_often_waits_at_every_door(app_server: AppServer, acme: NewAccount, way: str) -> None:
    url, headers = ways_in(app_server)[way]
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        answers = [await http.get(url, auth=(acme.account.sid, f"{number:032x}")) for number in range(MANY)]
    assert [answer.status_code for answer in answers[:20]] == [401] * 20
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1


async def test_what_was_wrong_at_one_door_counts_at_the_others(
    app_server: AppServer, engines: Engines, acme: NewAccount
) -> None:
    for _ in range(MANY + 5):
        await count_wrong_caller(engines.context(now()), acme.account.sid, "127.0.0.1")
    async with httpx.AsyncClient(timeout=60) as http:
        for door, (url, headers) in ways_in(app_server).items():
            answer = await http.get(url, headers=headers, auth=(acme.account.sid, acme.auth_token))
            assert answer.status_code == 429, door


async def test_access_tokens_that_have_expired_are_no_guesses(engines: Engines, acme: NewAccount) -> None:
    key = await create_key(engines.context(now()), acme.account)
    claims = {"iss": key.key.sid, "sub": acme.account.sid, "exp": now() - timedelta(minutes=1)}
    expired = jwt.encode(claims, key.secret, "HS256", headers={"cty": ACCESS_TOKEN_TYPE})
    forged = jwt.encode(claims, "0" * 32, "HS256", headers={"cty": ACCESS_TOKEN_TYPE})
    for token in (expired, forged):
        with pytest.raises(CommsRefusal):
            await authenticate(engines.context(now()), f"Bearer {token}", HERE, people=True)
    counted = await engines.db.user.column("SELECT failures FROM identity.attempt")
    assert counted == [1, 1], "one for the forged token, one for the address"
