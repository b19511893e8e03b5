"""Registering and the first start, as a browser without JavaScript does it."""

import asyncio

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from tests.kernel.identity.conftest import Browser
from tests.kernel.identity.persons import PASSWORD, a_user

ADA = {"name": "Ada Okafor", "email": "ada@example.org", "username": "ada", "password": PASSWORD}


async def test_the_first_start_leads_to_the_operators_page_and_only_once(browser: Browser) -> None:
    client = browser()
    assert (await client.get("/sign-up")).headers["location"] == "/welcome"
    assert "Nobody has an account here yet" in (await client.get("/welcome")).text
    answer = await client.post("/welcome", data=ADA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    me = (await client.get("/api/identity/v1/me")).json()
    assert me["roles"] == ["user", "creator", "moderator", "operator"]

    stranger = browser()
    assert (await stranger.get("/welcome")).headers["location"] == "/sign-in"
    late = await stranger.post("/welcome", data={**ADA, "username": "eve", "email": "eve@example.org"})
    assert late.status_code == 409
    assert (await stranger.get("/account")).status_code == 303


async def test_two_browsers_at_the_first_page_make_one_operator(browser: Browser, db: Database) -> None:
    people = [ADA, {**ADA, "username": "eve", "email": "eve@example.org"}]
    answers = await asyncio.gather(*(browser().post("/welcome", data=person) for person in people))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert await db.value("SELECT count(*) FROM identity.user") == 1


async def test_registering_signs_in_and_leads_back(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "operator-of-ours", role="operator")
    client = browser()
    form = await client.get("/sign-up?next=/video")
    assert '<form action="/sign-up" method="post"' in form.text
    assert 'name="next" value="/video"' in form.text
    answer = await client.post("/sign-up", data={**ADA, "next": "/video"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/video")
    assert (await client.get("/api/identity/v1/me")).json()["username"] == "ada"


async def test_wrong_fields_keep_what_was_typed_and_say_why_beside_it(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    answer = await browser().post("/sign-up", data={**ADA, "name": "Ada <b>", "password": "tiny one", "next": "/video"})
    assert answer.status_code == 422
    assert 'value="Ada &lt;b&gt;"' in answer.text
    assert 'name="next" value="/video"' in answer.text
    assert 'id="password-error"' in answer.text
    assert "tiny one" not in answer.text
    taken = await browser().post("/sign-up", data=ADA)
    assert taken.status_code == 422
    assert 'id="username-error"' in taken.text
    assert 'id="email-error"' in taken.text


async def test_the_api_registers_and_hands_out_a_token(browser: Browser) -> None:
    client = browser()
    answer = await client.post("/api/identity/v1/users", json=ADA)
    assert answer.status_code == 201
    body = answer.json()
    assert body["user"]["email"] == "ada@example.org"
    me = await browser().get("/api/identity/v1/me", headers={"Authorization": f"Bearer {body['token']}"})
    assert me.json()["id"] == body["user"]["id"]
    public = await browser().get(f"/api/identity/v1/users/{body['user']['id']}")
    assert public.json() == {"id": body["user"]["id"], "name": "Ada Okafor", "username": "ada"}


async def test_the_api_tells_every_wrong_field(browser: Browser) -> None:
    bad = {"name": "", "email": "x", "username": "x", "password": "x"}
    answer = await browser().post("/api/identity/v1/users", json=bad)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"name", "email", "username", "password"}
