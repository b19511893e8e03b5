"""Accounts and sub-accounts over the wire."""

import httpx

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

ROOT = "/2010-04-01/Accounts"


async def opened(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    answer = await client.post(f"{ROOT}.json", data={"FriendlyName": name})
    assert answer.status_code == 201
    found: dict[str, str] = answer.json()
    return found


async def test_an_account_sees_itself(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        answer = await client.get(f"{ROOT}/{acme.account.sid}.json")
    seen = answer.json()
    assert (answer.status_code, seen["sid"], seen["status"]) == (200, acme.account.sid, "active")
    assert seen["auth_token"] == acme.auth_token
    assert seen["date_created"].endswith(" +0000")


async def test_nobody_gets_in_without_the_right_token(app_server: AppServer, acme: NewAccount) -> None:
    path = f"{ROOT}/{acme.account.sid}.json"
    async with calling(app_server, None) as client:
        answers = [
            await client.get(path),
            await client.get(path, auth=(acme.account.sid, "0" * 32)),
            await client.get(path, auth=("AC" + "0" * 32, acme.auth_token)),
            await client.get(path, headers={"authorization": "Basic ???"}),
        ]
    assert [answer.status_code for answer in answers] == [401] * 4
    body = answers[0].json()
    assert body["code"] == 20003
    assert body["more_info"].endswith("/20003")
    assert body["status"] == 401


async def test_a_parent_acts_for_its_children_and_for_no_others(
    app_server: AppServer, acme: NewAccount, another: NewAccount
) -> None:
    async with calling(app_server, acme) as client:
        child = await opened(client, "Branch")
        assert (await client.get(f"{ROOT}/{child['sid']}.json")).json()["owner_account_sid"] == acme.account.sid
        stranger = await client.get(f"{ROOT}/{another.account.sid}.json")
    assert (stranger.status_code, stranger.json()["code"]) == (404, 20404)


async def test_a_suspended_sub_account_does_nothing_until_it_is_opened_again(
    app_server: AppServer, acme: NewAccount
) -> None:
    async with calling(app_server, acme) as client:
        child = await opened(client, "Branch")
        own = (child["sid"], child["auth_token"])
        path = f"{ROOT}/{child['sid']}.json"
        await client.post(path, data={"Status": "suspended"})
        refused = await client.get(f"{ROOT}.json", auth=own)
        assert (refused.status_code, refused.json()["code"]) == (403, 20005)
        await client.post(path, data={"Status": "active"})
        assert (await client.get(f"{ROOT}.json", auth=own)).status_code == 200
        await client.post(path, data={"Status": "closed"})
        again = await client.post(path, data={"Status": "active"})
    assert again.status_code == 400


async def test_lists_are_read_page_by_page_in_both_directions(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        for number in range(4):
            await opened(client, f"Branch {number}")
        first = (await client.get(f"{ROOT}.json?PageSize=2")).json()
        second = (await client.get(first["next_page_uri"])).json()
        third = (await client.get(second["next_page_uri"])).json()
        back = (await client.get(third["previous_page_uri"])).json()
    names = [[account["friendly_name"] for account in page["accounts"]] for page in (first, second, third, back)]
    assert names == [["Branch 3", "Branch 2"], ["Branch 1", "Branch 0"], ["Acme"], ["Branch 1", "Branch 0"]]
    assert (first["previous_page_uri"], third["next_page_uri"]) == (None, None)
    assert (second["page"], second["start"], second["end"]) == (1, 2, 3)


async def test_what_is_not_a_form_is_refused(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        answer = await client.post(f"{ROOT}.json", json={"FriendlyName": "Branch"})
        method = await client.put(f"{ROOT}.json")
        nowhere = await client.get("/2010-04-01/Nothing.json")
        page = await client.get(f"{ROOT}.json?PageSize=none")
    assert [(one.status_code, one.json()["code"]) for one in (answer, method, nowhere, page)] == [
        (400, 20001),
        (405, 20004),
        (404, 20404),
        (400, 20001),
    ]


async def test_test_credentials_open_their_account_under_a_sid_of_their_own(
    app_server: AppServer, acme: NewAccount
) -> None:
    async with calling(app_server, None) as client:
        client.auth = httpx.BasicAuth(acme.test_sid, acme.test_auth_token)
        seen = await client.get(f"{ROOT}/{acme.test_sid}.json")
        refused = await client.post(f"{ROOT}.json")
    assert (seen.json()["sid"], seen.json()["auth_token"]) == (acme.test_sid, None)
    assert (refused.status_code, refused.json()["code"]) == (403, 20008)


async def test_the_same_idempotency_key_makes_one_application(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        path, key = f"{ROOT}/{acme.account.sid}/Applications.json", {"idempotency-key": "shop-1"}
        first = await client.post(path, data={"FriendlyName": "Shop"}, headers=key)
        again = await client.post(path, data={"FriendlyName": "Shop"}, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json()["sid"] == again.json()["sid"]


async def test_an_answer_with_a_secret_is_not_kept_for_a_repetition(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        key = {"idempotency-key": "branch-1"}
        first = await client.post(f"{ROOT}.json", data={"FriendlyName": "Branch"}, headers=key)
        again = await client.post(f"{ROOT}.json", data={"FriendlyName": "Branch"}, headers=key)
    assert first.json()["sid"] != again.json()["sid"]
