"""A person holds virtual phones, without JavaScript."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.queries import find_account
from octavo.products.comms.account.rows import Account
from octavo.products.comms.carrier.simulated import queries as simulated
from octavo.products.comms.carrier.simulated.carrier import SimulatedCarrier
from octavo.products.comms.carrier.simulated.service import bring_due, tell_due
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.phone.live import news
from octavo.products.comms.sids import read_sid
from tests.products.comms.carrier.submissions import a_submission
from tests.products.conftest import Enter, Visitor

OURS, ADA = "+14152051240", "+14155550111"
PHONE = f"/comms/phone/{ADA}"


async def post(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    return await visitor.http.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})


async def with_number(engines: Engines, visitor: Visitor) -> Account:
    address = (await post(visitor, "/comms/accounts", name="Acme")).headers["location"]
    account = await find_account(engines.db.main, read_sid(address.rpartition("/")[2], "AC"))
    assert account is not None
    await buy_number(engines.context(now()), account, OURS)
    return account


async def heard(engines: Engines, account: Account, body: str) -> None:
    await SimulatedCarrier(engines).submit([a_submission(account.id, sender=OURS, recipient=ADA, body=body)])
    await tell_due(engines.context(now() + timedelta(seconds=5)))


async def test_a_phone_shows_what_it_heard_and_said(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account = await with_number(engines, nadia)
    await heard(engines, account, "Dinner <at> eight?")
    assert ADA in (await nadia.http.get("/comms/phone")).text
    said = await post(nadia, f"{PHONE}/messages", account=account.sid, to=OURS, body="Yes please")
    page = (await nadia.http.get(said.headers["location"])).text
    assert "Dinner &lt;at&gt; eight?" in page
    assert "Yes please" in page
    await bring_due(engines.context(now()))
    found = await engines.db.main.column(
        "SELECT body FROM comms.message WHERE account_id = $1 AND direction = 'inbound'", account.id
    )
    assert found == ["Yes please"]


async def test_a_phone_is_told_how_to_behave(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account = await with_number(engines, nadia)
    form = {"account": account.sid, "name": "Ada", "delay_max": "0.5", "loss": "10", "replies": "yes -> Great"}
    assert (await post(nadia, f"{PHONE}/behaviour", **form, delay_min="")).status_code == 303
    handset = await simulated.handset(engines.db.main, account.id, ADA)
    assert (handset.name, handset.delay_min, handset.delay_max, handset.loss) == ("Ada", 0.5, 0.5, 0.1)
    assert 'value="Ada"' in (await nadia.http.get(f"{PHONE}/behaviour?account={account.sid}")).text
    await post(nadia, f"{PHONE}/power", account=account.sid)
    assert "Off the air" in (await nadia.http.get("/comms/phone")).text
    wrong = await post(nadia, f"{PHONE}/behaviour", **{**form, "replies": "yes", "name": "Grace"})
    assert (wrong.status_code, "Line 1 is not written" in wrong.text, 'value="Grace"' in wrong.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize("number", ["12", "nobody", OURS])
async def test_only_other_peoples_numbers_have_phones(engines: Engines, enter: Enter, number: str) -> None:
    nadia = await enter()
    await with_number(engines, nadia)
    assert (await nadia.http.get(f"/comms/phone/{number}")).status_code == 404
    listed = await nadia.http.get("/comms/phone", params={"number": number})
    assert (listed.status_code, "Write the number of somebody else" in listed.text) == (422, True)


async def test_nobody_holds_the_phones_of_others(engines: Engines, enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    account = await with_number(engines, nadia)
    for path in (PHONE, f"{PHONE}/behaviour", f"{PHONE}/events", "/comms/phone"):
        assert (await eve.http.get(path, params={"account": account.sid})).status_code == 404
    assert (await post(eve, f"{PHONE}/messages", account=account.sid, to=OURS, body="Hi")).status_code == 404


async def test_what_is_no_number_is_said_beside_the_form(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account = await with_number(engines, nadia)
    answer = await post(nadia, f"{PHONE}/messages", account=account.sid, to="12", body="Hi")
    assert (answer.status_code, "Write the number as +" in answer.text) == (422, True)


async def test_a_page_hears_of_news(engines: Engines, enter: Enter) -> None:
    nadia = await enter()
    account = await with_number(engines, nadia)
    events = news(engines.context(now()), account.id, ADA)
    await heard(engines, account, "Before anybody looks")
    following = asyncio.ensure_future(anext(events))
    async with asyncio.timeout(60):
        while not following.done():
            await heard(engines, account, "Dinner?")
            await asyncio.wait({following}, timeout=0.2)
    assert following.result().event == "changed"
    await events.aclose()
