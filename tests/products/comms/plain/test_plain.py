"""The plain REST paths answer as their contracts say, by any of the keys that clients have."""

from collections.abc import AsyncIterator

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import Search
from tests.harness.web import AppServer

PASSWORD = "correct-mule-battery-9"


@pytest.fixture
async def client(app_server: AppServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=app_server.dialects["article"], timeout=60) as found:
        yield found


@pytest.fixture
async def number(engines: Engines, acme: NewAccount) -> str:
    return (await buy_any_number(engines.context(now()), acme.account, Search(country="US"))).number


def keyed(acme: NewAccount) -> dict[str, str]:
    return {"Authorization": f"Bearer {acme.account.sid}:{acme.auth_token}", "Content-Type": "application/json"}


async def registered(client: httpx.AsyncClient, user_id: object, username: str) -> str:
    """A new user's token."""
    user = {"user_id": user_id, "username": username, "password": PASSWORD}
    answer = await client.post("/users", json=user)
    assert (answer.status_code, answer.json()) == (201, {"message": "User registered successfully"}), answer.text
    login = await client.post("/login", data={"username": username, "password": PASSWORD})
    token: str = login.json()["token"]
    return token


async def test_messages_are_sent_and_read(client: httpx.AsyncClient, acme: NewAccount, number: str) -> None:
    sms = f"from=%2B{number[1:]}&to=%2B14155550111&body=Tea+is+ready"
    sent = await client.post("/messaging/messages", content=sms, headers=keyed(acme))
    assert (sent.status_code, sent.json()["status"]) == (201, "queued")
    read = await client.get(f"/messaging/messages/{sent.json()['id']}", headers=keyed(acme))
    assert read.json() == sent.json()
    assert read.json()["body"] == "Tea is ready"
    mms = {"from": number, "to": "+14155550111", "body": "Look", "media_url": "https://example.org/a.png"}
    pictured = await client.post("/messaging/messages/mms", json=mms, headers=keyed(acme))
    assert pictured.json()["media_url"] == ["https://example.org/a.png"]


async def test_basic_credentials_and_a_raw_key_open_too(
    client: httpx.AsyncClient, acme: NewAccount, number: str
) -> None:
    body = {"from": number, "to": "+14155550111", "body": "Tea"}
    basic = await client.post("/messaging/messages", json=body, auth=(acme.account.sid, acme.auth_token))
    raw = await client.post(
        "/messaging/messages", json=body, headers={"Authorization": f"{acme.account.sid}:{acme.auth_token}"}
    )
    assert (basic.status_code, raw.status_code) == (201, 201)


async def test_what_cannot_be_sent_or_found_is_refused(
    client: httpx.AsyncClient, acme: NewAccount, number: str
) -> None:
    nobody = await client.post("/messaging/messages", json={"to": "+14155550111"})
    assert (nobody.status_code, nobody.json()) == (401, {"error": "Unauthorized"})
    bad = await client.post("/messaging/messages", json={"from": number, "to": "12", "body": "x"}, headers=keyed(acme))
    assert (bad.status_code, next(iter(bad.json()))) == (400, "error")
    missing = await client.get("/messaging/messages/7", headers=keyed(acme))
    assert (missing.status_code, missing.json()) == (404, {"message": "Message not found"})
    bare = await client.post("/messaging/messages/mms", json={"from": number, "to": number}, headers=keyed(acme))
    assert bare.status_code == 400


async def test_people_write_to_each_other(client: httpx.AsyncClient) -> None:
    ada, bob = await registered(client, 1, "ada"), await registered(client, "bob-7", "bob")
    message = {"sender_id": 1, "receiver_id": "bob-7", "content": "Tea?"}
    sent = await client.post("/messages", json=message, headers={"Authorization": ada})
    assert (sent.status_code, sent.json()["message"]) == (200, "Message sent successfully")
    for user_id, token in ((1, ada), ("bob-7", bob)):
        listed = await client.get(f"/users/{user_id}/messages", headers={"Authorization": f"Bearer {token}"})
        [one] = listed.json()["messages"]
        assert (one["sender"], one["receiver"], one["content"]) == ("ada", "bob", "Tea?")
        assert one["message_id"] == sent.json()["message_id"]
    others = await client.get("/users/1/messages", headers={"Authorization": bob})
    assert (others.status_code, others.json()) == (404, {"error": "User not found"})


async def test_nobody_writes_in_the_name_of_others_or_to_nobody(client: httpx.AsyncClient) -> None:
    ada, _ = await registered(client, 1, "ada"), await registered(client, 2, "bob")
    headers = {"Authorization": ada}
    for sender, receiver in ((2, 1), (1, 3), (3, 1)):
        message = {"sender_id": sender, "receiver_id": receiver, "content": "Tea?"}
        refused = await client.post("/messages", json=message, headers=headers)
        assert (refused.status_code, refused.json()) == (404, {"error": "Invalid sender or receiver"})
    for fields in ({}, {"sender_id": 1, "receiver_id": 2}, {"sender_id": 1, "receiver_id": 2, "content": "x" * 10_001}):
        refused = await client.post("/messages", json=fields, headers=headers)
        assert (refused.status_code, refused.json()) == (400, {"error": "Invalid message data"})


async def test_an_id_or_a_name_is_given_once(client: httpx.AsyncClient) -> None:
    await registered(client, 1, "ada")
    for user_id, username, password in (
        (1, "eve", PASSWORD),
        (2, "ada", PASSWORD),
        (3, "eve", "short"),
        ("", "eve", PASSWORD),
    ):
        user = {"user_id": user_id, "username": username, "password": password}
        refused = await client.post("/users", data=user)
        assert (refused.status_code, refused.json()["error"]) == (400, "Invalid user data")
    await registered(client, 3, "eve")  # what failed left nothing behind
