"""Counting tries at a password, and taking back the right ones, while others do the same."""

import asyncio

from octavo.kernel.context import Context, Engines
from octavo.kernel.identity.attempt.actions import count_attempt, forgive_attempt, forgive_login
from tests.harness.locks import until_waiting

KEYS = ["pair:ada:here", "login:ada", "address:here"]
NEIGHBOUR = ["pair:ben:here", "login:ben", "address:here"]


async def right_password(ctx: Context, keys: list[str]) -> None:
    await count_attempt(ctx, keys)
    async with ctx.db.user.transaction() as tx:
        await forgive_attempt(tx, keys)


async def test_right_passwords_at_once_never_wait_for_each_other_in_a_circle(ctx: Context) -> None:
    for _ in range(25):
        await asyncio.gather(*(right_password(ctx, keys) for keys in (KEYS, NEIGHBOUR) * 3))
    left = await ctx.db.user.column("SELECT failures FROM identity.attempt")
    assert set(left) == {0}


async def test_a_login_is_forgiven_while_it_is_being_tried(ctx: Context, engines: Engines) -> None:
    db = ctx.db.user
    for key in ("pair:ada:here", "login:ada"):  # the order in which they lie, and in which a plain DELETE takes them
        await count_attempt(ctx, [key])
    async with db.transaction() as trying:
        await trying.execute("SELECT FROM identity.attempt WHERE attempt_key = 'login:ada' FOR UPDATE")
        forgiving = asyncio.create_task(forgive_login(db, "ada"))
        await until_waiting(engines, 1)
        await trying.execute("SELECT FROM identity.attempt WHERE attempt_key = 'pair:ada:here' FOR UPDATE")
    await forgiving
    assert await db.column("SELECT attempt_key FROM identity.attempt") == []
