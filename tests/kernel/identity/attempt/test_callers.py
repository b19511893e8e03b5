"""Programs with wrong credentials wait longer and longer, and keep nobody else out."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from octavo.kernel.context import Context
from octavo.kernel.identity import check_caller, count_wrong_caller
from octavo.kernel.identity.attempt.rules import ALLOWANCES, CALLERS_FORGOTTEN_AFTER, TooManyAttempts

HERE, THERE = "192.0.2.1", "192.0.2.2"
FREE = ALLOWANCES["caller"].free


async def wrong(ctx: Context, times: int, name: str = "AC1", address: str = HERE) -> None:
    for _ in range(times):
        await count_wrong_caller(ctx, name, address)


async def test_the_first_mistakes_are_free_and_then_each_doubles_the_wait(ctx: Context) -> None:
    await wrong(ctx, FREE - 1)
    await check_caller(ctx, "AC1", HERE)
    for wait in (1, 2, 4):
        await wrong(ctx, 1)
        with pytest.raises(TooManyAttempts) as refused:
            await check_caller(ctx, "AC1", HERE)
        assert refused.value.retry_after == wait
    await check_caller(replace(ctx, now=ctx.now + timedelta(seconds=4)), "AC1", HERE)


async def test_a_name_is_free_at_another_address_and_the_address_for_another_name(ctx: Context) -> None:
    await wrong(ctx, FREE + 5)
    await check_caller(ctx, "AC1", THERE)
    await check_caller(ctx, "AC2", HERE)


async def test_an_address_that_tries_many_names_waits_for_all_of_them(ctx: Context) -> None:
    for index in range(ALLOWANCES["callers"].free):
        await wrong(ctx, 1, f"AC{index}")
    with pytest.raises(TooManyAttempts):
        await check_caller(ctx, "AC never seen", HERE)
    await check_caller(ctx, "AC never seen", THERE)


async def test_mistakes_are_forgotten(ctx: Context) -> None:
    await wrong(ctx, FREE + 5)
    later = replace(ctx, now=ctx.now + CALLERS_FORGOTTEN_AFTER + timedelta(seconds=1))
    await wrong(later, 1)
    await check_caller(later, "AC1", HERE)


async def test_mistakes_at_once_are_all_counted(ctx: Context) -> None:
    await asyncio.gather(*(wrong(ctx, 1, f"AC{index % 3}") for index in range(3 * FREE)))
    for index in range(3):
        with pytest.raises(TooManyAttempts):
            await check_caller(ctx, f"AC{index}", HERE)
