"""A person looks after the numbers of their accounts, without JavaScript."""

import re

import httpx

from tests.products.conftest import Enter, Visitor

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def post(visitor: Visitor, path: str, **form: str) -> httpx.Response:
    return await visitor.http.post(path, data=form, headers=SAME_SITE)


async def an_account_of(visitor: Visitor, name: str = "Acme") -> str:
    answer = await post(visitor, "/comms/accounts", name=name)
    return str(answer.headers["location"].rpartition("/")[2])


async def taken(visitor: Visitor, account: str, **wanted: str) -> str:
    """The path of the page of a number that was searched for and taken."""
    page = (await visitor.http.get("/comms/numbers/search", params={"account": account, **wanted})).text
    number = re.search(r'name="number" value="(\+\d+)"', page)
    assert number is not None
    answer = await post(visitor, "/comms/numbers", account=account, number=number[1])
    assert answer.status_code == 303
    return str(answer.headers["location"].partition("?")[0])


async def test_without_an_account_a_person_is_told_to_open_one(enter: Enter) -> None:
    nadia = await enter()
    assert (await nadia.http.get("/comms/numbers")).status_code == 404


async def test_a_number_is_searched_taken_configured_and_given_back(enter: Enter) -> None:
    nadia = await enter()
    account = await an_account_of(nadia)
    assert "No numbers yet" in (await nadia.http.get("/comms/numbers")).text
    path = await taken(nadia, account, country="US", area_code="415", sms="on")
    number = re.search(r"<h1>(\+1415\d{7})</h1>", (await nadia.http.get(path)).text)
    assert number is not None
    saved = await post(
        nadia, path, account=account, friendly_name="Front desk", sms_url="https://a.example/sms", mine="on"
    )
    assert saved.status_code == 303
    page = (await nadia.http.get(saved.headers["location"])).text
    assert "https://a.example/sms" in page
    assert re.search(r'name="mine"[^>]* checked', page)
    assert "Front desk" in (await nadia.http.get("/comms/numbers")).text
    released = await post(nadia, f"{path}/release", account=account)
    listed = (await nadia.http.get(released.headers["location"])).text
    assert "No numbers yet" in listed
    assert "is given back" in listed
    assert (await nadia.http.get(path)).status_code == 404


async def test_an_address_that_is_none_is_asked_for_again(enter: Enter) -> None:
    nadia = await enter()
    account = await an_account_of(nadia)
    path = await taken(nadia, account)
    answer = await post(
        nadia, path, account=account, friendly_name="Front desk", sms_url="example", voice_url="ftp://x"
    )
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="example"' in answer.text


async def test_a_search_that_cannot_be_says_why(enter: Enter) -> None:
    nadia = await enter()
    account = await an_account_of(nadia)
    wrong = (await nadia.http.get("/comms/numbers/search", params={"account": account, "contains": "5"})).text
    assert "Two to sixteen digits" in wrong
    none = (await nadia.http.get("/comms/numbers/search", params={"account": account, "area_code": "533"})).text
    assert "No such number" in none


async def test_a_number_moves_to_a_sub_account(enter: Enter) -> None:
    nadia = await enter()
    account = await an_account_of(nadia)
    await post(nadia, f"/comms/accounts/{account}/sub-accounts", sub_name="Branch")
    page = (await nadia.http.get(f"/comms/accounts/{account}")).text
    (child,) = set(re.findall(r"/comms/accounts/(AC[0-9a-f]{32})", page)) - {account}
    path = await taken(nadia, account)
    moved = await post(nadia, f"{path}/move", account=account, to=child)
    assert "in Branch now" in (await nadia.http.get(moved.headers["location"])).text
    assert "No numbers yet" in (await nadia.http.get("/comms/numbers", params={"account": account})).text


async def test_another_person_touches_none_of_it(enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    account = await an_account_of(nadia)
    theirs = await an_account_of(eve, "Eve")
    path = await taken(nadia, account)
    assert (await eve.http.get(path, params={"account": account})).status_code == 404
    assert (await eve.http.get(path, params={"account": theirs})).status_code == 404
    for suffix, form in (("", {"friendly_name": "Mine"}), ("/release", {}), ("/move", {"to": theirs})):
        assert (await post(eve, f"{path}{suffix}", account=account, **form)).status_code == 404
        assert (await post(eve, f"{path}{suffix}", account=theirs, **form)).status_code == 404
    assert (await post(nadia, f"{path}/move", account=account, to=theirs)).status_code == 404
