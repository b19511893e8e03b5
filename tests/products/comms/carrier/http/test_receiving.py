"""Providers call with receipts and messages; whoever does not know the word of the address reaches nothing."""

import json
from typing import Any

import httpx
import pytest

from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message import queries
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.number.actions import buy_number
from tests.harness.web import served
from tests.products.comms.carrier.http.providers import TOKEN, engines_with

OURS, THEIRS = "+14152051240", "+14155550111"


@pytest.fixture
async def message(ctx: Context, acme: NewAccount) -> Message:
    await buy_number(ctx, acme.account, OURS)
    return await create_message(ctx, acme.account, NewMessage(to=THEIRS, from_=OURS, body="Hello"))


async def called(engines: Engines, path: str, **what: Any) -> int:
    async with served(engines) as server, httpx.AsyncClient(timeout=60) as client:
        return (await client.post(f"{server.url}/comms/gateway/{path}", **what)).status_code


async def state(ctx: Context, message: Message) -> tuple[str, int | None]:
    found = await queries.message(ctx.db.main, message.account_id, message.id)
    return found.status, found.error_code


def receipts_of(message: Message, token: str = TOKEN) -> str:
    return f"{token}/receipts?reference={message.account_id.hex}{message.id.hex}"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"Status": "delivered", "MessageUUID": "m", "PartInfo": "1 of 1"}, ("delivered", None)),
        (
            {"Status": "undelivered", "MessageUUID": "m", "ErrorCode": "80", "PartInfo": "1 of 1"},
            ("undelivered", 30003),
        ),
        ({"Status": "failed", "MessageUUID": "m", "ErrorCode": "1000"}, ("failed", 30008)),
        ({"Status": "delivered", "MessageUUID": "m", "PartInfo": "1 of 2"}, ("queued", None)),
        ({"Status": "queued", "MessageUUID": "m"}, ("queued", None)),
    ],
)
async def test_receipts_of_plivo_are_taken(
    ctx: Context, message: Message, form: dict[str, str], expected: tuple[str, int | None]
) -> None:
    assert await called(engines_with(ctx.engines, provider="plivo"), receipts_of(message), data=form) == 200
    assert await state(ctx, message) == expected


async def test_webhooks_of_telnyx_are_taken(ctx: Context, message: Message) -> None:
    event = {
        "data": {
            "event_type": "message.finalized",
            "payload": {
                "id": "4031",
                "to": [{"phone_number": THEIRS, "status": "delivery_failed"}],
                "errors": [{"code": "40008", "title": "Undeliverable"}],
            },
        }
    }
    assert await called(engines_with(ctx.engines, provider="telnyx"), receipts_of(message), json=event) == 200
    assert await state(ctx, message) == ("undelivered", 30005)


async def test_a_template_says_where_a_receipt_has_what(ctx: Context, message: Message) -> None:
    engines = engines_with(
        ctx.engines,
        provider="template",
        url="https://sms.example/send",
        receipt_reference="client_ref",
        receipt_state="dlr.code",
        receipt_states=("DELIVRD=delivered",),
    )
    content = {"client_ref": message.account_id.hex + message.id.hex, "dlr": {"code": "DELIVRD"}}
    assert await called(engines, f"{TOKEN}/receipts", json=content) == 200
    assert await state(ctx, message) == ("delivered", None)


@pytest.mark.parametrize("token", ["another-token-of-letters", "-"])
async def test_a_stranger_reaches_nothing(ctx: Context, message: Message, token: str) -> None:
    engines = engines_with(ctx.engines, provider="plivo")
    assert await called(engines, receipts_of(message, token), data={"Status": "delivered"}) == 404
    assert await state(ctx, message) == ("queued", None)
    assert await called(ctx.engines, receipts_of(message), data={"Status": "delivered"}) == 404


@pytest.mark.parametrize("reference", ["", "x" * 64, "0" * 64, "12"])
async def test_a_receipt_of_no_message_is_let_go(ctx: Context, reference: str) -> None:
    engines = engines_with(ctx.engines, provider="plivo")
    assert await called(engines, f"{TOKEN}/receipts?reference={reference}", data={"Status": "failed"}) == 200


@pytest.fixture
async def number(ctx: Context, acme: NewAccount) -> str:
    await buy_number(ctx, acme.account, OURS)
    return OURS


@pytest.mark.parametrize(
    ("provider", "what"),
    [
        ("plivo", {"data": {"From": THEIRS[1:], "To": OURS[1:], "Text": "Hi", "MessageUUID": "in-1", "Type": "sms"}}),
        (
            "telnyx",
            {
                "json": {
                    "data": {
                        "event_type": "message.received",
                        "payload": {
                            "id": "in-1",
                            "from": {"phone_number": THEIRS},
                            "to": [{"phone_number": OURS}],
                            "text": "Hi",
                            "media": [],
                        },
                    }
                }
            },
        ),
    ],
)
async def test_a_message_that_is_brought_twice_comes_in_once(
    ctx: Context, acme: NewAccount, number: str, provider: str, what: dict[str, Any]
) -> None:
    engines = engines_with(ctx.engines, provider=provider)
    for _ in range(2):
        assert await called(engines, f"{TOKEN}/inbound", **what) == 200
    found = await ctx.db.main.column(
        "SELECT sender || ' ' || recipient || ' ' || body FROM comms.message WHERE account_id = $1", acme.account.id
    )
    assert found == [f"{THEIRS} {number} Hi"]


async def test_what_is_no_document_is_refused(ctx: Context) -> None:
    engines = engines_with(ctx.engines, provider="telnyx")
    headers = {"content-type": "application/json"}
    assert await called(engines, f"{TOKEN}/inbound", content=b"{", headers=headers) == 400
    assert await called(engines, f"{TOKEN}/inbound", content=json.dumps([1]), headers=headers) == 200
