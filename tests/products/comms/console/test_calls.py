"""The holder of a virtual phone reads what is said in calls, and presses digits."""

import re

from octavo.kernel.context import Context
from octavo.products.comms.account.queries import account
from octavo.products.comms.sids import read_sid
from octavo.products.comms.verify.service.actions import create_service
from octavo.products.comms.verify.service.rows import ServiceChanges
from octavo.products.comms.verify.verification.actions import start_verification
from octavo.products.comms.verify.verification.rows import NewVerification
from tests.products.conftest import Enter, Visitor

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
PHONE = "+14152051240"
PAGE = f"/comms/phone/{PHONE}/calls"


async def an_account_of(visitor: Visitor) -> str:
    answer = await visitor.http.post("/comms/accounts", data={"name": "Acme"}, headers=SAME_SITE)
    return str(answer.headers["location"].rpartition("/")[2])


async def test_a_phone_hears_who_would_like_to_show_its_number_and_agrees_by_a_code(enter: Enter) -> None:
    nadia = await enter()
    sid = await an_account_of(nadia)
    assert "No calls" in (await nadia.http.get(PAGE)).text
    await nadia.http.post("/comms/caller-ids", data={"account": sid, "number": PHONE}, headers=SAME_SITE)
    code = re.search(r">(\d{6})</strong>", (await nadia.http.get("/comms/caller-ids")).text)
    page = (await nadia.http.get(PAGE)).text
    address = re.search(rf'action="({re.escape(PAGE)}/[0-9a-f-]+)"', page)
    assert code is not None
    assert address is not None
    assert "Acme would like to show your number" in page
    assert not re.search(rf"\b{code[1]}\b", page)
    wrong = await nadia.http.post(address[1], data={"account": sid, "code": "none"}, headers=SAME_SITE)
    assert wrong.status_code == 422
    assert "That is not the code" in wrong.text
    await nadia.http.post(address[1], data={"account": sid, "code": code[1]}, headers=SAME_SITE)
    assert "No calls" in (await nadia.http.get(PAGE)).text
    assert PHONE in (await nadia.http.get("/comms/caller-ids")).text


async def test_a_phone_hears_the_code_of_a_verification_by_call(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    acme = await account(ctx.db.main, read_sid(await an_account_of(nadia), "AC"))
    service = await create_service(ctx, acme, ServiceChanges(friendly_name="Shop", custom_code_enabled=True))
    await start_verification(ctx, acme, service.id, NewVerification(to=PHONE, channel="call", custom_code="492113"))
    page = (await nadia.http.get(PAGE)).text
    assert "4, 9, 2, 1, 1, 3" in page or "492113" in page


async def test_another_person_hears_nothing(enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    sid = await an_account_of(nadia)
    assert (await eve.http.get(PAGE, params={"account": sid})).status_code == 404
