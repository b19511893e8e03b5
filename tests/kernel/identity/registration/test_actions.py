"""Accounts begin once, and nobody gets another's address or name."""

import asyncio

import pytest

from octavo.kernel.context import ANYONE, Context
from octavo.kernel.db import Database
from octavo.kernel.identity import User, create_user, is_founded, user_by_login, user_names
from octavo.kernel.identity.claim.actions import AlreadyClaimed
from octavo.kernel.identity.registration.actions import (
    AlreadyFounded,
    RegistrationClosed,
    found_installation,
    register,
)
from octavo.kernel.identity.registration.rows import Registration
from octavo.kernel.refusals import Invalid
from tests.kernel.identity.persons import HERE, PASSWORD, a_user, with_settings

ADA = Registration(name="Ada Okafor", email="Ada@Example.org", username="Ada", password=PASSWORD)
BEN = Registration(name="Ben", email="ben@example.org", username="ben", password=PASSWORD)


async def test_a_new_account_signs_in_by_address_or_username(ctx: Context) -> None:
    opened = await register(ctx, ADA, kind="bearer", visitor=HERE)
    for login in ("ada", "ADA", "ada@example.org", " Ada@EXAMPLE.org "):
        found = await user_by_login(ctx.db.user, login)
        assert found is not None
        assert found.id == opened.user.id
    assert opened.user.username == "ada"
    assert opened.user.email == "Ada@Example.org"
    assert opened.user.roles == ["user", "creator"]


async def test_every_wrong_field_is_told_at_once(ctx: Context) -> None:
    with pytest.raises(Invalid) as refused:
        await create_user(ctx, name=" ", email="nowhere", username="x", password="short")
    assert set(refused.value.fields) == {"name", "email", "username", "password"}


async def test_what_another_has_claimed_is_told_for_both_fields(ctx: Context) -> None:
    await a_user(ctx, "ada")
    with pytest.raises(AlreadyClaimed) as refused:
        await create_user(ctx, name="Ada", email="ADA@example.ORG", username="Ada", password=PASSWORD)
    assert set(refused.value.fields) == {"email", "username"}


async def test_a_refused_registration_claims_nothing(ctx: Context) -> None:
    await a_user(ctx, "ada")
    with pytest.raises(AlreadyClaimed):
        await create_user(ctx, name="Ben", email="ben@example.org", username="ada", password=PASSWORD)
    await register(ctx, BEN, kind="cookie", visitor=HERE)


async def test_of_many_who_want_one_name_at_once_one_gets_it(ctx: Context, db: Database) -> None:
    async def attempt(number: int) -> User:
        return await create_user(ctx, name="Ada", email=f"ada{number}@example.org", username="ada", password=PASSWORD)

    results = await asyncio.gather(*(attempt(n) for n in range(8)), return_exceptions=True)
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, AlreadyClaimed) for result in results) == 7
    assert await db.value("SELECT count(*) FROM identity.user") == 1
    assert await db.value("SELECT count(*) FROM identity.email_claim") == 1


async def test_the_first_account_is_the_operators(ctx: Context) -> None:
    assert not await is_founded(ctx.db.user)
    opened = await found_installation(ctx.acting_as(ANYONE), ADA, visitor=HERE)
    assert opened.user.roles == ["user", "creator", "moderator", "operator"]
    assert await is_founded(ctx.db.user)


async def test_of_two_who_found_at_once_one_is_operator_and_the_other_nobody(ctx: Context, db: Database) -> None:
    results = await asyncio.gather(
        *(found_installation(ctx, person, visitor=HERE) for person in (ADA, BEN)), return_exceptions=True
    )
    assert sum(isinstance(result, AlreadyFounded) for result in results) == 1
    assert await db.value("SELECT count(*) FROM identity.user") == 1


async def test_nobody_founds_a_site_that_has_a_user(ctx: Context) -> None:
    await a_user(ctx, "ada")
    with pytest.raises(AlreadyFounded):
        await found_installation(ctx, BEN, visitor=HERE)


async def test_a_closed_site_takes_no_strangers_but_its_operators_guests(ctx: Context) -> None:
    closed = with_settings(ctx, registration="closed")
    with pytest.raises(RegistrationClosed):
        await register(closed, ADA, kind="cookie", visitor=HERE)
    await a_user(closed, "guest-of-ours")


async def test_neither_password_nor_address_is_stored_in_the_clear(ctx: Context, db: Database) -> None:
    opened = await register(ctx, ADA, kind="bearer", visitor=HERE)
    everything = [
        await db.column(f"SELECT t::text FROM identity.{table} t")
        for table in ("user", "password", "session", "audit", "email_claim")
    ]
    assert PASSWORD not in str(everything)
    assert opened.token not in str(everything)


async def test_names_are_given_for_the_ids_that_exist(ctx: Context) -> None:
    ada, ben = await a_user(ctx, "ada"), await a_user(ctx, "ben")
    stranger = ada.pseudonym
    assert await user_names(ctx.db.user, [ada.id, ben.id, stranger]) == {ada.id: "Ada", ben.id: "Ben"}
    assert await user_names(ctx.db.user, []) == {}
