"""Sessions as a program uses them."""

from datetime import timedelta

import pytest

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.identity import open_session
from octavo.kernel.identity.session import last_seen
from tests.kernel.identity.conftest import Browser
from tests.kernel.identity.persons import PASSWORD, a_user

API = "/api/identity/v1"


async def test_a_token_is_exchanged_for_a_login_and_opens_the_api(ctx: Context, browser: Browser) -> None:
    ada = await a_user(ctx, "ada")
    client = browser()
    answer = await client.post(f"{API}/sessions", json={"login": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 201
    opened = answer.json()
    assert opened["user"]["id"] == str(ada.id)
    me = await client.get(f"{API}/me", headers={"Authorization": f"Bearer {opened['token']}"})
    assert me.json()["username"] == "ada"
    assert me.json()["roles"] == ["user"]


async def test_wrong_credentials_are_a_problem_document(browser: Browser) -> None:
    answer = await browser().post(f"{API}/sessions", json={"login": "ada", "password": PASSWORD})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("wrong-credentials")


@pytest.mark.parametrize("token", ["nonsense", "oct_" + "A" * 70])
async def test_a_token_that_opens_nothing_is_refused(browser: Browser, token: str) -> None:
    answer = await browser().get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_program_signs_in_again_with_its_ended_token_still_in_place(ctx: Context, browser: Browser) -> None:
    await a_user(ctx, "ada")
    client = browser()
    client.headers["Authorization"] = "Bearer oct_" + "A" * 70
    answer = await client.post(f"{API}/sessions", json={"login": "ada", "password": PASSWORD})
    assert answer.status_code == 201


async def test_sessions_are_listed_and_ended(ctx: Context, browser: Browser) -> None:
    ada = await a_user(ctx, "ada")
    tokens = [(await open_session(ctx, ada.id)) for _ in range(3)]
    client = browser()
    client.headers["Authorization"] = f"Bearer {tokens[0].token}"
    listed = (await client.get(f"{API}/sessions")).json()
    assert {session["id"] for session in listed} == {str(opened.session_id) for opened in tokens}
    assert "token_hash" not in listed[0]
    assert (await client.delete(f"{API}/sessions/{tokens[1].session_id}")).status_code == 204
    assert len((await client.get(f"{API}/sessions")).json()) == 2
    assert (await client.delete(f"{API}/sessions/current")).status_code == 204
    assert (await client.get(f"{API}/sessions")).status_code == 401
    client.headers["Authorization"] = f"Bearer {tokens[2].token}"
    assert (await client.delete(f"{API}/sessions")).status_code == 204
    assert (await client.get(f"{API}/me")).status_code == 401


async def test_a_suspended_user_is_out_at_once(ctx: Context, browser: Browser, db: Database) -> None:
    ada = await a_user(ctx, "ada")
    client = browser()
    client.headers["Authorization"] = f"Bearer {(await open_session(ctx, ada.id)).token}"
    assert (await client.get(f"{API}/me")).status_code == 200
    await db.execute("UPDATE identity.user SET state = 'suspended'")
    assert (await client.get(f"{API}/me")).status_code == 401


async def test_last_seen_is_written_rarely_and_prolongs_the_session(
    ctx: Context, browser: Browser, db: Database
) -> None:
    ada = await a_user(ctx, "ada")
    opened = await open_session(ctx, ada.id)
    client = browser()
    client.headers["Authorization"] = f"Bearer {opened.token}"

    async def written() -> object:
        await client.get(f"{API}/me")
        for task in list(last_seen._writing.values()):
            await task
        return await db.value("SELECT seen_at FROM identity.session")

    assert await written() == ctx.now
    await db.execute(
        "UPDATE identity.session SET seen_at = seen_at - $1::interval, expires_at = $2",
        timedelta(minutes=6),
        ctx.now + timedelta(days=1),
    )
    assert await written() >= ctx.now
    assert await db.value("SELECT expires_at FROM identity.session") >= ctx.now + timedelta(days=30)
