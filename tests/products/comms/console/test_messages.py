"""The log of messages and the inspector, without JavaScript."""

import re

import httpx

from octavo.kernel.callbacks import Callback, send
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.account.rows import Account
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import Search
from octavo.products.comms.sids import read_sid
from tests.products.conftest import Enter, Visitor

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
HANDSET = "+14155550100"


async def post(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    return await visitor.http.post(path, data=form, headers=SAME_SITE)


async def with_number(engines: Engines, visitor: Visitor) -> tuple[Account, str]:
    """The visitor's new account, and its number."""
    address = (await post(visitor, "/comms/accounts", name="Acme")).headers["location"]
    account = await find_account(engines.db.main, read_sid(address.rpartition("/")[2], "AC"))
    assert account is not None
    return account, (await buy_any_number(engines.context(now()), account, Search(country="US"))).number


async def test_an_account_without_numbers_is_led_to_them(enter: Enter) -> None:
    nadia = await enter()
    await post(nadia, "/comms/accounts", name="Acme")
    assert "No messages yet" in (await nadia.http.get("/comms/messages")).text
    assert "/comms/numbers/search" in (await nadia.http.get("/comms/messages/new")).text


async def test_a_message_is_written_and_found_in_the_log(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account, number = await with_number(engines, nadia)
    sent = await post(nadia, "/comms/messages/new", account=account.sid, from_=number, to=HANDSET, body="Tea is ready")
    assert sent.status_code == 303
    assert "Tea is ready" in (await nadia.http.get(sent.headers["location"])).text
    assert "Tea is ready" in (await nadia.http.get(f"/comms/messages?number={HANDSET.replace('+', '%2B')}")).text
    assert "No messages with this number" in (await nadia.http.get("/comms/messages?number=%2B14155550199")).text


async def test_what_cannot_be_sent_is_said_beside_the_form(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account, number = await with_number(engines, nadia)
    answer = await post(nadia, "/comms/messages/new", account=account.sid, from_=number, to="12", body="Tea")
    assert answer.status_code == 422
    assert "Invalid" in answer.text
    assert "Tea" in answer.text


async def test_nobody_reads_the_messages_of_others(engines: Engines, enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    account, number = await with_number(engines, nadia)
    sent = await post(nadia, "/comms/messages/new", account=account.sid, from_=number, to=HANDSET, body="Tea is ready")
    assert (await eve.http.get(sent.headers["location"])).status_code == 404
    await post(eve, "/comms/accounts", name="Eve's")
    assert (await eve.http.get(sent.headers["location"].partition("?")[0])).status_code == 404


async def test_a_request_is_inspected_and_sent_again(engines: Engines, enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    account, _ = await with_number(engines, nadia)
    async with engines.db.main.transaction() as tx:
        url, thread = "https://example.org/hook", new_id()
        callback = Callback(
            owner_id=account.id, thread=thread, kind="comms.test", subject="SM1", url=url, form=[("Body", "Tea")]
        )
        first = await send(tx, callback)
    assert "https://example.org/hook" in (await nadia.http.get("/comms/webhooks")).text
    page = await nadia.http.get(f"/comms/webhooks/{first}")
    assert "Tea" in page.text
    again = await post(nadia, f"/comms/webhooks/{first}/replay", account=account.sid)
    assert re.fullmatch(r"/comms/webhooks/[0-9a-f-]{36}\?account=AC\w+", again.headers["location"])
    assert (await eve.http.get(f"/comms/webhooks/{first}?account={account.sid}")).status_code == 404
