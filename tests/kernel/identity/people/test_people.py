"""People are found by their words, say something about themselves, and keep away from some."""

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.identity.account.actions import edit_profile
from octavo.kernel.identity.people import actions, queries
from octavo.kernel.identity.people.rows import About
from octavo.kernel.identity.people.rules import NotYourself, words_of
from octavo.kernel.identity.user.rows import Profile, User
from octavo.kernel.identity.user.rules import NoSuchUser
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Invalid
from tests.kernel.identity.conftest import Browser
from tests.kernel.identity.persons import PASSWORD, a_user, as_user


async def found(ctx: Context, text: str, viewer: User) -> list[str]:
    return [one.username for one in await queries.search_users(ctx.db.user, text, viewer.id)]


def test_words_have_one_spelling() -> None:
    assert words_of("Élodie  STRASSE straße @ada") == ["élodie", "strasse", "ada"]


async def test_people_are_found_by_the_beginning_of_any_word(ctx: Context) -> None:
    viewer, ada = await a_user(ctx, "viewer"), await a_user(ctx, "ada")
    await edit_profile(as_user(ctx, ada), Profile("Ada King Lovelace", "countess"))
    for text in ("love", "ada k", "COUNT", "@countess", "lace"):
        assert await found(ctx, text, viewer) == (["countess"] if text != "lace" else [])
    assert await found(ctx, "", viewer) == []
    assert await found(ctx, "ada x", viewer) == []


async def test_nobody_finds_themselves_or_who_does_not_want_it(ctx: Context) -> None:
    viewer, shy = await a_user(ctx, "viewer"), await a_user(ctx, "shy")
    assert await found(ctx, "shy", shy) == []
    await actions.describe_oneself(as_user(ctx, shy), About("I read.", findable=False))
    assert await found(ctx, "shy", viewer) == []
    await actions.describe_oneself(as_user(ctx, shy), About("I read.", findable=True))
    assert await found(ctx, "shy", viewer) == ["shy"]


async def test_a_block_hides_both_from_each_other_until_it_is_lifted(ctx: Context) -> None:
    one, other = await a_user(ctx, "one"), await a_user(ctx, "other")
    await actions.block(as_user(ctx, one), other.id)
    await actions.block(as_user(ctx, one), other.id)
    assert await found(ctx, "one", other) == await found(ctx, "other", one) == []
    assert await queries.is_blocked(ctx.db.user, other.id, one.id)
    assert [blocked.username for blocked in await queries.blocked_by(ctx.db.user, one.id)] == ["other"]
    assert await queries.blocked_by(ctx.db.user, other.id) == []
    await actions.unblock(as_user(ctx, one), other.id)
    assert await found(ctx, "one", other) == ["one"]
    assert not await queries.is_blocked(ctx.db.user, one.id, other.id)


async def test_what_makes_no_sense_is_refused(ctx: Context) -> None:
    one = await a_user(ctx)
    with pytest.raises(NotYourself):
        await actions.block(as_user(ctx, one), one.id)
    with pytest.raises(NoSuchUser):
        await actions.block(as_user(ctx, one), new_id())
    with pytest.raises(Invalid):
        await actions.describe_oneself(as_user(ctx, one), About("x" * 501))


@pytest.fixture
async def ada(ctx: Context, browser: Browser) -> httpx.AsyncClient:
    await a_user(ctx, "ada")
    client = browser()
    await client.post("/sign-in", data={"login": "ada", "password": PASSWORD})
    return client


async def test_the_page_finds_blocks_and_unblocks(ctx: Context, ada: httpx.AsyncClient) -> None:
    bob = await a_user(ctx, "bob")
    assert f"/account/people/{bob.id}/block" in (await ada.get("/account/people?q=bo")).text
    assert (await ada.post(f"/account/people/{bob.id}/block")).status_code == 303
    page = (await ada.get("/account/people?q=bo")).text
    assert "Nobody of that name" in page
    assert f"/account/people/{bob.id}/unblock" in page
    await ada.post(f"/account/people/{bob.id}/unblock")
    assert f"/account/people/{bob.id}/block" in (await ada.get("/account/people?q=bo")).text


async def test_what_is_too_long_stays_in_the_form(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/account/people", data={"bio": "x" * 501, "findable": "on"})
    assert answer.status_code == 422
    assert "501" in answer.text


async def test_programs_search_and_block_too(ctx: Context, ada: httpx.AsyncClient) -> None:
    bob = await a_user(ctx, "bob")
    assert [one["username"] for one in (await ada.get("/api/identity/v1/users?q=bob")).json()] == ["bob"]
    changed = await ada.patch("/api/identity/v1/me/about", json={"bio": "I count."})
    assert changed.json() == {"bio": "I count.", "findable": True}
    assert (await ada.put(f"/api/identity/v1/me/blocks/{bob.id}")).status_code == 204
    assert [one["username"] for one in (await ada.get("/api/identity/v1/me/blocks")).json()] == ["bob"]
    assert (await ada.delete(f"/api/identity/v1/me/blocks/{bob.id}")).status_code == 204
