"""Signing in and out as a browser without JavaScript does it."""

import re

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from tests.kernel.identity.conftest import Browser
from tests.kernel.identity.persons import PASSWORD, a_user

RIGHT = {"login": "ada", "password": PASSWORD}
WRONG = {"login": "ada", "password": "nine grey herons"}


def session_cookie(answer: httpx.Response) -> str:
    return next((value for value in answer.headers.get_list("set-cookie") if value.startswith("octavo_session=")), "")


async def test_the_right_password_leads_on_with_a_guarded_cookie(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    client = browser()
    answer = await client.post("/sign-in", data={**RIGHT, "next": "/account"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = session_cookie(answer).lower()
    for attribute in ("httponly", "samesite=lax", "secure", "path=/"):
        assert attribute in cookie
    assert (await client.get("/account")).status_code == 200


async def test_a_wrong_one_shows_the_form_again_with_what_was_typed(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    answer = await browser().post("/sign-in", data={**WRONG, "next": "/video"})
    assert answer.status_code == 401
    assert "That login and password do not go together" in answer.text
    assert 'value="ada"' in answer.text
    assert 'value="/video"' in answer.text
    assert "nine grey herons" not in answer.text
    assert not session_cookie(answer)


async def test_the_answers_for_known_and_unknown_logins_are_the_same_page(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    known = await browser().post("/sign-in", data=WRONG)
    unknown = await browser().post("/sign-in", data={**WRONG, "login": "bob"})

    def without_names(text: str) -> str:
        return re.sub(r"nonce=\S+|[0-9a-f-]{32,36}", "", text.replace('value="bob"', 'value="ada"'))

    assert without_names(known.text) == without_names(unknown.text)
    assert known.status_code == unknown.status_code


async def test_a_wait_is_told_on_the_form_and_to_programs(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    client = browser()
    for _ in range(5):
        await client.post("/sign-in", data=WRONG)
    page = await client.post("/sign-in", data=RIGHT)
    assert page.status_code == 429
    assert re.search(r"Try again in \d+ seconds\.", page.text)
    assert 0 < int(page.headers["retry-after"]) <= 30
    problem = await client.post("/api/identity/v1/sessions", json=RIGHT)
    assert problem.status_code == 429
    assert problem.json()["type"].endswith("too-many-attempts")
    assert "retry-after" in problem.headers


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
async def test_signing_in_never_leads_to_another_site(ctx: Context, browser: Browser, where: str) -> None:
    await a_user(ctx, "ada")
    client = browser()
    answer = await client.post("/sign-in", data={**RIGHT, "next": where})
    assert answer.headers["location"] == "/"
    again = await client.get("/sign-in", params={"next": where})
    assert (again.status_code, again.headers["location"]) == (303, "/")


async def test_a_page_for_people_leads_strangers_to_the_form_and_back(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    client = browser()
    answer = await client.get("/account/sessions")
    assert answer.status_code == 303
    form = await client.get(answer.headers["location"])
    assert 'name="next" value="/account/sessions"' in form.text


async def test_signing_out_ends_the_session_itself_not_only_the_cookie(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    client = browser()
    await client.post("/sign-in", data=RIGHT)
    token = client.cookies["octavo_session"]
    answer = await client.post("/sign-out")
    assert "max-age=0" in session_cookie(answer).lower()
    thief = browser()
    thief.cookies.set("octavo_session", token)
    assert (await thief.get("/account")).status_code == 303


async def test_signing_in_keeps_no_earlier_token(ctx: Context, browser: Browser, db: Database) -> None:
    await a_user(ctx, "ada")
    client = browser()
    await client.post("/sign-in", data=RIGHT)
    first = client.cookies["octavo_session"]
    await client.post("/sign-in", data=RIGHT)
    assert client.cookies["octavo_session"] != first
    assert await db.value("SELECT count(*) FROM identity.session") == 1


async def test_another_site_cannot_sign_anyone_in_or_out(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    client = browser()
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    await client.post("/sign-in", data=RIGHT)
    assert (await client.post("/sign-out", headers=foreign)).status_code == 403
    assert (await client.get("/account")).status_code == 200


async def test_a_stale_or_foreign_cookie_makes_a_visitor(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    for value in ("", "nonsense", "oct_" + "A" * 70, "ümlaut"):
        client = browser()
        answer = await client.get("/sign-in", headers={"Cookie": f"octavo_session={value}".encode("latin-1")})
        assert answer.status_code == 200
