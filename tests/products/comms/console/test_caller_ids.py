"""A person asks at a number of somebody else, and answers there in the place of the simulated handset."""

import re

import httpx

from tests.products.conftest import Enter, Visitor

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
NUMBER = "+14152051240"


async def post(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    return await visitor.http.post(path, data=form, headers=SAME_SITE)


async def asked(visitor: Visitor) -> tuple[str, str, str]:
    """The account, the address where the handset's code goes, and the code."""
    opened = await post(visitor, "/comms/accounts", name="Acme")
    account = str(opened.headers["location"].rpartition("/")[2])
    assert (await post(visitor, "/comms/caller-ids", account=account, number=NUMBER)).status_code == 303
    page = (await visitor.http.get("/comms/caller-ids")).text
    address = re.search(r'action="(/comms/caller-ids/[0-9a-f-]{36}/code)"', page)
    code = re.search(r">(\d{6})</strong>", page)
    assert address is not None
    assert code is not None
    assert "Acme would like to show your number" in page
    return account, address[1], code[1]


async def test_the_right_code_makes_a_caller_id_that_can_be_removed(enter: Enter) -> None:
    nadia = await enter()
    account, address, code = await asked(nadia)
    assert (await post(nadia, address, account=account, code=code)).status_code == 303
    page = (await nadia.http.get("/comms/caller-ids")).text
    assert NUMBER in page
    assert "Waiting for an answer" not in page
    delete = re.search(r'action="(/comms/caller-ids/[0-9a-f-]{36}/delete)"', page)
    assert delete is not None
    await post(nadia, delete[1], account=account)
    assert "(415) 205-1240" not in (await nadia.http.get("/comms/caller-ids")).text


async def test_another_code_is_asked_for_again(enter: Enter) -> None:
    nadia = await enter()
    account, address, code = await asked(nadia)
    answer = await post(nadia, address, account=account, code=f"{(int(code) + 1) % 1_000_000:06}")
    assert answer.status_code == 422
    assert "That is not the code" in answer.text


async def test_what_is_no_number_is_asked_for_again(enter: Enter) -> None:
    nadia = await enter()
    account, _, _ = await asked(nadia)
    answer = await post(nadia, "/comms/caller-ids", account=account, number="nobody")
    assert answer.status_code == 422
    assert "is not a valid phone number" in answer.text


async def test_another_person_answers_nothing(enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    account, address, code = await asked(nadia)
    assert (await post(eve, address, account=account, code=code)).status_code == 404
