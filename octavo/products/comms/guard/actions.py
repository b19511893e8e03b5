"""Checking messages that are about to be accepted, and telling the guard what to check."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.products.comms.account.rows import Account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard import queries, rules
from octavo.products.comms.guard.rows import Policy, Sum, Wanted

COUNTERS = 16


async def check_spend(
    ctx: Context, tx: Transaction, account: Account, wanted: Sequence[Wanted]
) -> list[CommsRefusal | None]:
    """For each message in order why it may not go out, or None. What may is counted, where the account has caps.

    An account without a policy costs nothing. Processes that accept at the same moment do not see each other's latest
    messages, so that a cap may be passed by what they accept within one transaction.
    """
    standing = await queries.standing(ctx.engines, account)
    refusals = [rules.refusal_of(standing, one, ctx.now) for one in wanted]
    if not standing.policy.has_caps:
        return refusals
    day = ctx.now.astimezone(UTC).date()
    before = now_sent = await queries.sum_of_day(tx, account.id, day)
    for position, one in enumerate(wanted):
        if refusals[position] is not None:
            continue
        if rules.fits(standing.policy, now_sent, one):
            now_sent = Sum(now_sent.messages + 1, now_sent.segments + one.segments, now_sent.spend + one.spend)
        else:
            refusals[position] = rules.over_the_cap(ctx.now)
    if now_sent != before:
        await _count(tx, account.id, day, before, now_sent)
    return refusals


async def keep_policy(ctx: Context, policy: Policy) -> None:
    """What the account allows itself from now on; other processes know within seconds."""
    await ctx.db.main.execute(
        f"""
        INSERT INTO comms.guard_policy ({queries.POLICY}, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account_id) DO UPDATE SET
            countries_allowed = excluded.countries_allowed, countries_refused = excluded.countries_refused,
            messages_per_day = excluded.messages_per_day, segments_per_day = excluded.segments_per_day,
            spend_per_day = excluded.spend_per_day, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
            protects = excluded.protects, updated_at = excluded.updated_at
        """,
        policy.account_id,
        policy.countries_allowed,
        policy.countries_refused,
        policy.messages_per_day,
        policy.segments_per_day,
        policy.spend_per_day,
        policy.quiet_from,
        policy.quiet_to,
        policy.protects,
        ctx.now,
    )
    ctx.engines.cache.invalidate(prefix="comms.guard:")


async def permit_countries(ctx: Context, account: Account, changes: Mapping[str, bool]) -> None:
    """Open and close countries by their letters; a sub-account begins with what its parent allows."""
    policy = await queries.policy_of(ctx.db.main, account)
    opened, closed = {one for one, is_open in changes.items() if is_open}, {one for one in changes if not changes[one]}
    allowed = None if policy.countries_allowed is None else sorted({*policy.countries_allowed, *opened} - closed)
    refused = sorted({*policy.countries_refused, *closed} - opened)
    await keep_policy(ctx, replace(policy, account_id=account.id, countries_allowed=allowed, countries_refused=refused))


async def lift_block(ctx: Context, account_id: UUID, beginning: str) -> bool:
    """Messages may go there again; whether anything was held back."""
    lifted = await ctx.db.main.execute(
        "DELETE FROM comms.guard_block WHERE account_id = $1 AND beginning = $2", account_id, beginning
    )
    ctx.engines.cache.invalidate(prefix="comms.guard:")
    return lifted > 0


async def _count(tx: Transaction, account_id: UUID, day: date, before: Sum, after: Sum) -> None:
    """Each process has a counter of its own, so that none waits for another."""
    await tx.execute(
        """
        INSERT INTO comms.guard_day AS d (account_id, day, counter, messages, segments, spend)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, day, counter) DO UPDATE SET
            messages = d.messages + excluded.messages, segments = d.segments + excluded.segments,
            spend = d.spend + excluded.spend
        """,
        account_id,
        day,
        os.getpid() % COUNTERS,
        after.messages - before.messages,
        after.segments - before.segments,
        after.spend - before.spend,
    )
