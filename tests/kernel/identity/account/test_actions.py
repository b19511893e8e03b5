"""Changing one's own account."""

import asyncio

import pytest

from octavo.kernel.context import Context
from octavo.kernel.identity import open_session, reset_password, user_by_login
from octavo.kernel.identity.account.actions import WrongPassword, change_email, change_password, edit_profile
from octavo.kernel.identity.attempt.rules import TooManyAttempts
from octavo.kernel.identity.claim.actions import AlreadyClaimed
from octavo.kernel.identity.session.actions import WrongCredentials, sign_in
from octavo.kernel.identity.session.queries import sessions_of
from octavo.kernel.identity.user.rows import Profile
from octavo.kernel.refusals import Invalid
from tests.kernel.identity.persons import HERE, PASSWORD, a_user, as_user

NEW = "nine white storks"


async def test_a_new_username_signs_in_and_the_old_one_is_free(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    changed = await edit_profile(as_user(ctx, ada), Profile(name="Ada  L.", username="Countess", locale="en-GB"))
    assert (changed.name, changed.username, changed.locale) == ("Ada L.", "countess", "en-GB")
    assert await user_by_login(ctx.db.user, "ada") is None
    assert (await user_by_login(ctx.db.user, "COUNTESS")) == changed
    await a_user(ctx, "adam")
    await edit_profile(as_user(ctx, await a_user(ctx, "ben")), Profile(name="Ben", username="ada"))


async def test_changes_at_once_leave_one_name_and_one_address_claimed(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    me = as_user(ctx, ada)
    words = ("bella", "carla", "dora")
    await asyncio.gather(
        *(edit_profile(me, Profile(name="Ada", username=word)) for word in words),
        *(change_email(me, email=f"{word}@example.org", password=PASSWORD, visitor=HERE) for word in words),
    )
    names = await ctx.db.user.column("SELECT username_key FROM identity.username_claim WHERE user_id = $1", ada.id)
    addresses = await ctx.db.user.column("SELECT email_key FROM identity.email_claim WHERE user_id = $1", ada.id)
    now = await user_by_login(ctx.db.user, names[0])
    assert now is not None
    assert (names, addresses) == ([now.username], [now.email])


async def test_another_spelling_of_ones_own_name_is_no_conflict(ctx: Context) -> None:
    ada = await a_user(ctx, "ada1")
    changed = await edit_profile(as_user(ctx, ada), Profile(name="Ada", username="adal"))
    assert (await user_by_login(ctx.db.user, "ada1")) == changed


async def test_a_name_that_another_has_is_refused_and_nothing_changes(ctx: Context) -> None:
    ada, ben = await a_user(ctx, "ada"), await a_user(ctx, "ben")
    with pytest.raises(AlreadyClaimed) as refused:
        await edit_profile(as_user(ctx, ada), Profile(name="New", username=ben.username))
    assert set(refused.value.fields) == {"username"}
    assert await user_by_login(ctx.db.user, "ada") == ada


async def test_every_wrong_field_of_a_profile_is_told_at_once(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    with pytest.raises(Invalid) as refused:
        await edit_profile(as_user(ctx, ada), Profile(name="\u202eada", username="a", locale="klingon"))
    assert set(refused.value.fields) == {"name", "username", "locale"}


async def test_a_new_address_takes_the_password_and_then_signs_in(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    with pytest.raises(WrongPassword) as refused:
        await change_email(as_user(ctx, ada), email="new@example.org", password=NEW, visitor=HERE)
    assert set(refused.value.fields) == {"password"}
    await change_email(as_user(ctx, ada), email="new@example.org", password=PASSWORD, visitor=HERE)
    assert await user_by_login(ctx.db.user, "ada@example.org") is None
    assert (
        await sign_in(ctx, login="new@example.org", password=PASSWORD, kind="cookie", visitor=HERE)
    ).user.id == ada.id


async def test_a_changed_password_ends_every_other_session(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    for _ in range(2):
        await open_session(ctx, ada.id)
    opened = await change_password(as_user(ctx, ada), current=PASSWORD, new=NEW, kind="cookie", visitor=HERE)
    assert [s.id for s in await sessions_of(ctx.db.user, ada.id, ctx.now)] == [opened.session_id]
    with pytest.raises(WrongCredentials):
        await sign_in(ctx, login="ada", password=PASSWORD, kind="cookie", visitor=HERE)
    await sign_in(ctx, login="ada", password=NEW, kind="cookie", visitor=HERE)


async def test_a_new_password_is_judged_before_the_old_one_is_asked(ctx: Context) -> None:
    ada = as_user(ctx, await a_user(ctx, "dorothea"))
    for bad in ("short", "password12", "my dorothea 55"):
        with pytest.raises(Invalid) as refused:
            await change_password(ada, current="wrong", new=bad, kind="cookie", visitor=HERE)
        assert set(refused.value.fields) == {"new_password"}


async def test_a_stolen_session_is_not_enough_to_guess_the_password(ctx: Context) -> None:
    ada = as_user(ctx, await a_user(ctx, "ada"))
    for _ in range(5):
        with pytest.raises(WrongPassword):
            await change_password(ada, current="a guess of some kind", new=NEW, kind="cookie", visitor=HERE)
    with pytest.raises(TooManyAttempts):
        await change_password(ada, current=PASSWORD, new=NEW, kind="cookie", visitor=HERE)


async def test_a_reset_lifts_the_wait_and_signs_everyone_out(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    await open_session(ctx, ada.id)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await sign_in(ctx, login="ada", password="a guess of some kind", kind="cookie", visitor=HERE)
    await reset_password(ctx, ada, NEW)
    assert await sessions_of(ctx.db.user, ada.id, ctx.now) == []
    await sign_in(ctx, login="ada", password=NEW, kind="cookie", visitor=HERE)
