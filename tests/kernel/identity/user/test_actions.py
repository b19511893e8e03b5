"""What users may do, and who decides it."""

import asyncio

import pytest

from octavo.kernel.context import Context
from octavo.kernel.db import Database
from octavo.kernel.identity import User, change_role, user_by_id
from octavo.kernel.identity.user.rules import LastOperator, roles_with_lesser
from octavo.kernel.refusals import Forbidden, Invalid
from tests.kernel.identity.persons import a_user, as_user


def test_a_role_brings_the_lesser_ones() -> None:
    assert roles_with_lesser(["moderator"]) == ["user", "creator", "moderator"]
    assert roles_with_lesser(["operator", "creator"]) == ["user", "creator", "moderator", "operator"]


@pytest.mark.parametrize("roles", [[], ["king"], ["user", "king"]])
def test_there_are_four_roles_and_no_others(roles: list[str]) -> None:
    with pytest.raises(Invalid):
        roles_with_lesser(roles)


async def test_an_operator_promotes_and_demotes(ctx: Context, db: Database) -> None:
    operator, ada = await a_user(ctx, role="operator"), await a_user(ctx)
    promoted = await change_role(as_user(ctx, operator), ada, "moderator")
    assert promoted.roles == ["user", "creator", "moderator"]
    assert (await change_role(as_user(ctx, operator), promoted, "user")).roles == ["user"]
    by = await db.column("SELECT by_pseudonym FROM identity.audit WHERE kind = 'roles_changed'")
    assert by == [operator.pseudonym] * 2


@pytest.mark.parametrize("role", ["user", "creator", "moderator"])
async def test_nobody_else_does(ctx: Context, role: str) -> None:
    ada = await a_user(ctx, role=role)
    with pytest.raises(Forbidden):
        await change_role(as_user(ctx, ada), ada, "operator")


async def test_the_last_operator_stays(ctx: Context) -> None:
    operator = await a_user(ctx, role="operator")
    with pytest.raises(LastOperator):
        await change_role(as_user(ctx, operator), operator, "user")
    assert await user_by_id(ctx.db.user, operator.id) == operator


async def test_of_two_operators_who_demote_each_other_at_once_one_stays(ctx: Context) -> None:
    ada, ben = await a_user(ctx, "ada", role="operator"), await a_user(ctx, "ben", role="operator")
    results = await asyncio.gather(
        change_role(as_user(ctx, ada), ben, "user"), change_role(as_user(ctx, ben), ada, "user"), return_exceptions=True
    )
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, LastOperator) for result in results) == 1


async def test_one_who_has_become_the_only_operator_meanwhile_stays(ctx: Context) -> None:
    ada, ben = await a_user(ctx, "ada", role="operator"), await a_user(ctx, "ben")
    await change_role(as_user(ctx, ada), ben, "operator")
    await change_role(as_user(ctx, ada), ada, "user")
    with pytest.raises(LastOperator):
        await change_role(as_user(ctx, ada), ben, "user")  # asked for while ben was nobody
