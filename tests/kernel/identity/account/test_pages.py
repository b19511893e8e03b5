"""The account pages, as a browser without JavaScript uses them."""

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.identity import open_session
from tests.kernel.identity.conftest import Browser
from tests.kernel.identity.persons import PASSWORD, a_user

NEW = "nine white storks"


@pytest.fixture
async def ada(ctx: Context, browser: Browser) -> httpx.AsyncClient:
    """Ada's browser, signed in."""
    await a_user(ctx, "ada")
    client = browser()
    await client.post("/sign-in", data={"login": "ada", "password": PASSWORD})
    return client


async def test_the_profile_is_saved_and_the_page_says_so(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/account", data={"name": "Countess", "username": "lovelace", "locale": "en-GB"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=profile")
    page = await ada.get("/account?done=profile")
    assert "Your profile is saved." in page.text
    assert 'value="lovelace"' in page.text
    assert '<option value="en-GB" selected>' in page.text


async def test_what_is_wrong_stays_in_the_form(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/account", data={"name": "Countess", "username": "a b", "locale": ""})
    assert answer.status_code == 422
    assert 'value="Countess"' in answer.text
    assert 'value="a b"' in answer.text
    assert 'id="username-error"' in answer.text
    assert 'value="ada@example.org"' in answer.text


async def test_a_new_address_needs_the_password(ada: httpx.AsyncClient) -> None:
    wrong = await ada.post("/account/email", data={"email": "new@example.org", "password": NEW})
    assert wrong.status_code == 422
    assert 'id="password-error"' in wrong.text
    assert 'value="new@example.org"' in wrong.text
    right = await ada.post("/account/email", data={"email": "new@example.org", "password": PASSWORD})
    assert right.headers["location"] == "/account?done=email"


async def test_a_new_password_goes_on_here_and_ends_the_rest(
    ctx: Context, ada: httpx.AsyncClient, browser: Browser
) -> None:
    other = browser()
    await other.post("/sign-in", data={"login": "ada", "password": PASSWORD})
    before = ada.cookies["octavo_session"]
    answer = await ada.post("/account/password", data={"current_password": PASSWORD, "new_password": NEW})
    assert answer.headers["location"] == "/account/password?done=password"
    assert ada.cookies["octavo_session"] != before
    assert (await ada.get("/account/password?done=password")).status_code == 200
    assert (await other.get("/account")).status_code == 303


async def test_a_wrong_current_password_is_told_beside_its_field(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/account/password", data={"current_password": NEW, "new_password": NEW})
    assert answer.status_code == 422
    assert 'id="current_password-error"' in answer.text
    assert NEW not in answer.text


async def test_guessing_the_current_password_is_stopped_with_words(ada: httpx.AsyncClient) -> None:
    for _ in range(5):
        await ada.post("/account/password", data={"current_password": "a guess", "new_password": NEW})
    answer = await ada.post("/account/password", data={"current_password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 429
    assert "Try again in" in answer.text


async def test_devices_are_listed_and_signed_out(ctx: Context, ada: httpx.AsyncClient) -> None:
    me = (await ada.get("/api/identity/v1/me")).json()
    extra = [await open_session(ctx, me["id"]) for _ in range(2)]
    page = await ada.get("/account/sessions")
    assert "Firefox on Linux" in page.text
    assert "This device" in page.text
    assert page.text.count("Program") == 2
    one = await ada.post(f"/account/sessions/{extra[0].session_id}/end")
    assert one.headers["location"] == "/account/sessions?done=session"
    rest = await ada.post("/account/sessions/end-others")
    assert rest.headers["location"] == "/account/sessions?done=sessions"
    assert (await ada.get("/account/sessions")).text.count("Program") == 0


async def test_programs_change_the_same_things(ada: httpx.AsyncClient) -> None:
    changed = await ada.patch("/api/identity/v1/me", json={"name": "Countess"})
    assert changed.json()["name"] == "Countess"
    assert changed.json()["username"] == "ada"
    moved = await ada.put("/api/identity/v1/me/email", json={"email": "new@example.org", "password": PASSWORD})
    assert moved.json()["email"] == "new@example.org"
    body = {"current_password": PASSWORD, "new_password": NEW}
    renewed = await ada.put("/api/identity/v1/me/password", json=body)
    assert renewed.status_code == 200
    assert renewed.json()["token"]
    assert (await ada.get("/account")).status_code == 200
