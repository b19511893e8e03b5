"""API keys, and what opens with them."""

import time
from typing import Any

import httpx
import jwt

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling


async def made(client: httpx.AsyncClient, new: NewAccount, path: str = "Keys") -> dict[str, Any]:
    answer = await client.post(f"/2010-04-01/Accounts/{new.account.sid}/{path}.json", data={"FriendlyName": "shop"})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


async def test_a_key_opens_all_but_accounts_and_keys(app_server: AppServer, acme: NewAccount) -> None:
    root = f"/2010-04-01/Accounts/{acme.account.sid}"
    async with calling(app_server, acme) as client:
        key = await made(client, acme)
        client.auth = httpx.BasicAuth(key["sid"], key["secret"])
        messages = await client.get(f"{root}/Messages.json")
        account = await client.get(f"{root}.json")
        keys = await client.get(f"{root}/Keys.json")
    assert messages.status_code == 200
    assert account.json()["auth_token"] is None
    assert (keys.status_code, keys.json()["code"]) == (401, 20003)


async def test_a_secret_is_shown_once_and_a_deleted_key_opens_nothing(app_server: AppServer, acme: NewAccount) -> None:
    root = f"/2010-04-01/Accounts/{acme.account.sid}"
    async with calling(app_server, acme) as client:
        key = await made(client, acme, "SigningKeys")
        shown = (await client.get(f"{root}/SigningKeys/{key['sid']}.json")).json()
        listed = (await client.get(f"{root}/Keys.json")).json()
        assert (await client.delete(f"{root}/Keys/{key['sid']}.json")).status_code == 204
        client.auth = httpx.BasicAuth(key["sid"], key["secret"])
        assert (await client.get(f"{root}/Messages.json")).status_code == 401
    assert "secret" not in shown
    assert [one["sid"] for one in listed["keys"]] == [key["sid"]]


async def test_an_access_token_names_its_account_for_as_long_as_it_lives(
    app_server: AppServer, acme: NewAccount, another: NewAccount
) -> None:
    def token(key: dict[str, Any], account: str, lives: int) -> str:
        claims = {"iss": key["sid"], "sub": account, "exp": int(time.time()) + lives, "grants": {"identity": "ana"}}
        return jwt.encode(claims, key["secret"], headers={"cty": "twilio-fpa;v=1"})

    path = f"/2010-04-01/Accounts/{acme.account.sid}.json"
    async with calling(app_server, acme) as client:
        key = await made(client, acme)
        client.auth = None
        person = {"authorization": f"Bearer {token(key, acme.account.sid, 60)}"}
        refused = await client.post(path.replace(".json", "/Messages.json"), headers=person)
        answers = [
            await client.get(path, headers={"authorization": f"Bearer {token(key, account, lives)}"})
            for account, lives in ((acme.account.sid, 60), (acme.account.sid, -60), (another.account.sid, 60))
        ]
    assert [answer.status_code for answer in answers] == [200, 401, 401]
    assert refused.status_code == 401  # it lies in browsers, and opens neither texts nor the purse


async def test_the_auth_token_changes_without_a_gap(app_server: AppServer, acme: NewAccount) -> None:
    path = f"/2010-04-01/Accounts/{acme.account.sid}/Messages.json"
    async with calling(app_server, acme, "accounts") as accounts, calling(app_server, acme) as client:
        second = (await accounts.post("/v1/AuthTokens/Secondary")).json()["secondary_auth_token"]
        both = (acme.auth_token, second)
        assert [(await client.get(path, auth=(acme.account.sid, one))).status_code for one in both] == [200, 200]
        promoted = (await accounts.post("/v1/AuthTokens/Promote")).json()
        assert promoted["auth_token"] == second
        assert [(await client.get(path, auth=(acme.account.sid, one))).status_code for one in both] == [401, 200]
        accounts.auth = httpx.BasicAuth(acme.account.sid, second)
        again = await accounts.post("/v1/AuthTokens/Promote")
    assert (again.status_code, again.json()["code"]) == (404, 20404)
