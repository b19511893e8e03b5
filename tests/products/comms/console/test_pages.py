"""A person looks after their accounts, without JavaScript."""

import re

import httpx

from tests.products.conftest import Enter, Visitor

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def post(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    return await visitor.http.post(path, data=form, headers=SAME_SITE)


async def opened(visitor: Visitor, name: str = "Acme") -> str:
    """The address of the new account's page."""
    answer = await post(visitor, "/comms/accounts", name=name)
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_without_an_account_the_page_says_what_to_do(enter: Enter) -> None:
    nadia = await enter()
    assert "No account yet" in (await nadia.http.get("/comms")).text


async def test_an_account_is_opened_and_its_token_shown_on_demand(enter: Enter) -> None:
    nadia = await enter()
    address = await opened(nadia)
    page = (await nadia.http.get(address)).text
    sid = address.rpartition("/")[2]
    assert sid in page
    assert not re.search(r"\b[0-9a-f]{32}\b", page.replace(sid[2:], ""))
    shown = await post(nadia, f"{address}/token")
    assert re.search(r">[0-9a-f]{32}<", shown.text)
    assert shown.headers["cache-control"] == "no-store"


async def test_another_person_sees_none_of_it(enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    address = await opened(nadia)
    assert (await eve.http.get(address)).status_code == 404
    assert (await post(eve, f"{address}/token")).status_code == 404
    assert "Acme" not in (await eve.http.get("/comms")).text


async def test_a_sub_account_is_suspended_and_closed_for_ever(enter: Enter) -> None:
    nadia = await enter()
    address = await opened(nadia)
    await post(nadia, f"{address}/sub-accounts", sub_name="Branch")
    page = (await nadia.http.get(address)).text
    sids = set(re.findall(r"AC[0-9a-f]{32}", page)) - {address.rpartition("/")[2]}
    child = f"/comms/accounts/{sids.pop()}"
    assert (await post(nadia, f"{child}/status", status="suspended")).headers["location"] == address
    assert "Open again" in (await nadia.http.get(address)).text
    await post(nadia, f"{child}/status", status="closed")
    assert "Closed" in (await nadia.http.get(address)).text
    assert (await post(nadia, f"{child}/status", status="active")).status_code == 422


async def test_a_name_that_is_missing_is_asked_for_again(enter: Enter) -> None:
    nadia = await enter()
    answer = await post(nadia, "/comms/accounts", name="")
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
