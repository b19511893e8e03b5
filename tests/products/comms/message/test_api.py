"""Our own API of messages."""

import httpx
import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import TO, a_number

ROOT = "/api/comms/v1/messages"


@pytest.fixture
async def number(engines: Engines, acme: NewAccount) -> str:
    return (await a_number(engines, acme.account)).number


def client(server: AppServer, new: NewAccount) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, auth=(new.account.sid, new.auth_token), timeout=60)


async def test_a_message_is_sent_and_read_with_its_states(app_server: AppServer, acme: NewAccount, number: str) -> None:
    async with client(app_server, acme) as http:
        sent = await http.post(ROOT, json={"to": TO, "from": number, "body": "Hello"})
        read = await http.get(f"{ROOT}/{sent.json()['id']}")
    assert (sent.status_code, read.json()) == (201, sent.json())
    assert [one["state"] for one in read.json()["events"]] == ["queued"]


async def test_a_thousand_are_accepted_at_once(app_server: AppServer, acme: NewAccount, number: str) -> None:
    wanted = [{"to": TO, "from": number, "body": str(n)} for n in range(1000)]
    wanted[3]["to"] = "nobody"
    wanted[5]["service"] = "none"
    async with client(app_server, acme) as http:
        answer = await http.post(f"{ROOT}/bulk", json={"messages": wanted})
        pages = [(await http.get(ROOT, params={"limit": 600})).json()]
        pages.append((await http.get(ROOT, params={"limit": 600, "after": pages[0]["next"]})).json())
    taken = answer.json()
    assert (answer.status_code, taken["accepted"]) == (201, 998)
    assert (taken["messages"][3]["code"], taken["messages"][5]["code"]) == (21211, 20404)
    assert [len(page["messages"]) for page in pages] == [600, 398]
    assert pages[1]["next"] == ""
    listed = [one["id"] for page in pages for one in page["messages"]]
    assert listed == [one["id"] for one in reversed(taken["messages"]) if "id" in one]


async def test_more_than_a_thousand_are_not(app_server: AppServer, acme: NewAccount, number: str) -> None:
    wanted = [{"to": TO, "from": number, "body": "x"}] * 1001
    async with client(app_server, acme) as http:
        assert (await http.post(f"{ROOT}/bulk", json={"messages": wanted})).status_code == 422


async def test_nobody_gets_in_without_credentials(app_server: AppServer, acme: NewAccount, number: str) -> None:
    async with httpx.AsyncClient(base_url=app_server.url) as http:
        assert (await http.get(ROOT)).status_code == 401
        test = await http.post(ROOT, json={"to": TO, "body": "x"}, auth=(acme.test_sid, acme.test_auth_token))
    assert test.status_code == 403
