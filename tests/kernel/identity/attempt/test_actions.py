"""Counting tries at a password, and taking back the right ones, while others do the same."""

import asyncio

from octavo.kernel.context import Context
from octavo.kernel.identity.attempt.actions import count_attempt, forgive_attempt

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
