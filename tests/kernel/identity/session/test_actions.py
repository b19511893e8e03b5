"""Signing in and out against a real database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from octavo.kernel.context import ANYONE, Actor, Context
from octavo.kernel.db import Database
from octavo.kernel.identity import OpenedSession, open_session
from octavo.kernel.identity.account.actions import reset_password
from octavo.kernel.identity.attempt.rules import TooManyAttempts
from octavo.kernel.identity.password.hashing import verify_password
from octavo.kernel.identity.session import actions
from octavo.kernel.identity.session.actions import WrongCredentials, end_all_sessions, end_session, sign_in, sign_out
from octavo.kernel.identity.session.queries import sessions_of
from octavo.kernel.identity.user.rules import AccountSuspended
from octavo.settings import IdentitySettings
from tests.kernel.identity.persons import HERE, PASSWORD, a_user, with_settings


async def signed_in(ctx: Context, login: str, password: str = PASSWORD, **visitor: str) -> OpenedSession:
    return await sign_in(ctx, login=login, password=password, kind="cookie", visitor=structs.replace(HERE, **visitor))


def holding(ctx: Context, opened: OpenedSession) -> Context:
    return ctx.acting_as(Actor(user_id=opened.user.id, session_id=opened.session_id))


async def fail(ctx: Context, login: str, times: int, **visitor: str) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            await signed_in(ctx, login, "nine grey herons", **visitor)


async def test_the_right_password_opens_a_session(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    opened = await signed_in(ctx.acting_as(ANYONE), "ada")
    [session] = await sessions_of(ctx.db.user, ada.id, ctx.now)
    assert session.id == opened.session_id
    assert session.device == "Firefox on Linux"
    assert session.expires_at == ctx.now + timedelta(days=30)


async def test_a_wrong_password_and_an_unknown_login_get_the_same_words(ctx: Context) -> None:
    await a_user(ctx, "ada")
    words = set()
    for login in ("ada", "ada@example.org", "nobody", "nobody@example.org", "", "\x01"):
        with pytest.raises(WrongCredentials) as refused:
            await signed_in(ctx, login, "nine grey herons")
        words.add((str(refused.value), refused.value.status, tuple(refused.value.extra)))
    assert len(words) == 1


async def test_signing_in_again_replaces_the_session_of_this_browser(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    first = await signed_in(ctx, "ada")
    second = await signed_in(holding(ctx, first), "ada")
    assert [s.id for s in await sessions_of(ctx.db.user, ada.id, ctx.now)] == [second.session_id]
    assert first.token != second.token


async def test_failures_bring_on_a_wait_that_ends(ctx: Context) -> None:
    await a_user(ctx, "ada")
    await fail(ctx, "ada", 5)
    with pytest.raises(TooManyAttempts, match="Try again in 30 seconds"):
        await signed_in(ctx, "ada")
    await signed_in(replace(ctx, now=ctx.now + timedelta(seconds=31)), "ada")


async def test_an_unknown_login_is_stopped_like_a_known_one(ctx: Context) -> None:
    await fail(ctx, "nobody", 5)
    with pytest.raises(TooManyAttempts):
        await signed_in(ctx, "NoBody")


async def test_a_wait_in_one_place_does_not_lock_the_owner_out_in_another(ctx: Context) -> None:
    await a_user(ctx, "ada")
    await fail(ctx, "ada", 5)
    await signed_in(ctx, "ada", address_hash="fedcba9876543210")


async def test_many_places_together_are_stopped_too(ctx: Context) -> None:
    await a_user(ctx, "ada")
    for number in range(50):
        await fail(ctx, "ada", 1, address_hash=f"{number:016}")
    with pytest.raises(TooManyAttempts):
        await signed_in(ctx, "ada", address_hash="fedcba9876543210")


async def test_one_place_cannot_try_one_password_on_everyone(ctx: Context) -> None:
    for number in range(50):
        await fail(ctx, f"person{number}x", 1)
    with pytest.raises(TooManyAttempts):
        await signed_in(ctx, "someone-else")


async def test_being_right_clears_the_count(ctx: Context) -> None:
    await a_user(ctx, "ada")
    await fail(ctx, "ada", 4)
    await signed_in(ctx, "ada")
    await fail(ctx, "ada", 4)


async def test_guesses_sent_at_once_are_counted_one_by_one(ctx: Context) -> None:
    await a_user(ctx, "ada")
    guesses = [signed_in(ctx, "ada", f"guess number {n}") for n in range(20)]
    results = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(result, WrongCredentials) for result in results) == 5
    assert sum(isinstance(result, TooManyAttempts) for result in results) == 15


async def test_a_hash_of_older_parameters_is_renewed_at_sign_in(ctx: Context, db: Database) -> None:
    ada = await a_user(ctx, "ada")
    stronger = with_settings(ctx, argon2_memory_kib=128)
    await signed_in(stronger, "ada")
    stored = await db.value("SELECT hash FROM identity.password WHERE user_id = $1", ada.id)
    assert "m=128" in stored
    await signed_in(stronger, "ada")


def once_verified(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Awaitable[object]]) -> None:
    """Lets something happen between the verification of the next password and what follows from it."""

    async def verify(settings: IdentitySettings, stored: str | None, password: str) -> bool:
        verified = await verify_password(settings, stored, password)
        monkeypatch.undo()
        await act()
        return verified

    monkeypatch.setattr(actions, "verify_password", verify)


async def test_a_password_that_is_changed_while_it_is_verified_opens_nothing(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await a_user(ctx, "ada")
    once_verified(monkeypatch, lambda: reset_password(ctx, ada, "nine grey herons"))
    with pytest.raises(WrongCredentials):
        await signed_in(ctx, "ada")
    assert await sessions_of(ctx.db.user, ada.id, ctx.now) == []


async def test_a_password_whose_hash_is_renewed_while_it_is_verified_is_still_the_right_one(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_user(ctx, "ada")
    stronger = with_settings(ctx, argon2_memory_kib=128)
    once_verified(monkeypatch, lambda: signed_in(stronger, "ada"))
    await signed_in(stronger, "ada")


async def test_a_suspended_account_hears_so_only_from_its_own_password(ctx: Context, db: Database) -> None:
    ada = await a_user(ctx, "ada")
    await db.execute("UPDATE identity.user SET state = 'suspended' WHERE user_id = $1", ada.id)
    await fail(ctx, "ada", 1)
    with pytest.raises(AccountSuspended):
        await signed_in(ctx, "ada")


async def test_sessions_end_one_by_one_or_all_others_at_once(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    here, there, elsewhere = [await open_session(ctx, ada.id) for _ in range(3)]

    async def alive() -> set[object]:
        return {session.id for session in await sessions_of(ctx.db.user, ada.id, ctx.now)}

    await end_session(holding(ctx, here), there.session_id)
    assert await alive() == {here.session_id, elsewhere.session_id}
    await end_all_sessions(holding(ctx, here), keep_current=True)
    assert await alive() == {here.session_id}
    await sign_out(holding(ctx, here))
    assert await alive() == set()


async def test_nobody_ends_the_session_of_another(ctx: Context) -> None:
    ada, ben = await a_user(ctx, "ada"), await a_user(ctx, "ben")
    of_ada, of_ben = await open_session(ctx, ada.id), await open_session(ctx, ben.id)
    await end_session(holding(ctx, of_ben), of_ada.session_id)
    await end_all_sessions(holding(ctx, of_ben), keep_current=False)
    assert len(await sessions_of(ctx.db.user, ada.id, ctx.now)) == 1


async def test_an_ended_session_shows_nowhere(ctx: Context) -> None:
    ada = await a_user(ctx, "ada")
    await open_session(ctx, ada.id)
    assert await sessions_of(ctx.db.user, ada.id, ctx.now + timedelta(days=31)) == []


async def test_signing_in_leaves_a_trace_without_an_address_or_a_name(ctx: Context, db: Database) -> None:
    ada = await a_user(ctx, "lovelace")  # "ada" may stand in a random id, which is hexadecimal
    await signed_in(ctx, "lovelace")
    rows = await db.column("SELECT a::text FROM identity.audit a WHERE kind = 'signed_in'")
    assert len(rows) == 1
    assert str(ada.pseudonym) in rows[0]
    assert str(ada.id) not in rows[0]
    assert "lovelace" not in rows[0].lower()
